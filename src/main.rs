//! The `pleiade` program: everything is in the library.

fn main() -> std::process::ExitCode {
    pleiade::cli::main()
}
