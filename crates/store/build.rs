//! The migrations are compiled in: a new one must cause a new build.
fn main() {
    #[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
    {
        println!("cargo:rerun-if-changed=migrations");
    }
}
