//! What a library needs that leaves the symbols of Python to whoever opens it: flags of the linker, on some systems.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
