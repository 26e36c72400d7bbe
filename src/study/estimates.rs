//! Summaries that are one estimate a metric: the struct, from all estimates, and back to one, from a single list.

/// A struct with a field for each metric of a kind, named as in files; the metrics say what the fields are.
macro_rules! estimates {
    ($(#[doc = $about:literal])* $name:ident of $kind:ident { $($field:ident: $metric:ident,)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                #[doc = concat!("[`", stringify!($kind), "::", stringify!($metric), "`].")]
                pub $field: crate::statistics::Estimate,
            )*
        }

        impl $name {
            /// From the estimates of all metrics.
            pub(crate) fn of(estimate: impl Fn($kind) -> crate::statistics::Estimate) -> Self {
                Self { $($field: estimate($kind::$metric),)* }
            }

            /// The estimate of one metric.
            pub fn get(&self, metric: $kind) -> crate::statistics::Estimate {
                match metric { $($kind::$metric => self.$field,)* }
            }
        }
    };
}
pub(super) use estimates;
