//! The slow, obvious forms.
