"""Says what this Python is, as one line of JSON. The host runs it in a child process: what breaks here breaks nothing else."""

import sys

# Without the current folder: it may be a workspace.
sys.path[:] = [it for it in sys.path if it]
out, sys.stdout = sys.stdout, sys.stderr

import json
import os
import sysconfig

package = sys.argv[1] if len(sys.argv) > 1 else None
if package is not None:
    sys.path.insert(0, package)

var = sysconfig.get_config_var
short = "%d.%d" % sys.version_info[:2]
folders = [var("LIBDIR"), os.path.join(sys.base_prefix, "lib"), sys.base_prefix, var("PYTHONFRAMEWORKPREFIX")]
folders[1:1] = [os.path.join(it, var("MULTIARCH")) for it in folders[:1] if it and var("MULTIARCH")]
names = [var("INSTSONAME"), var("LDLIBRARY"), "libpython%s.so.1.0" % short, "libpython%s.dylib" % short]
names.append("python%d%d.dll" % sys.version_info[:2])
paths = [os.path.join(folder, name) for folder in folders if folder for name in names if name and name[-2:] != ".a"]

about = {
    "implementation": sys.implementation.name,
    "version": list(sys.version_info[:3]),
    "has_gil": not var("Py_GIL_DISABLED"),
    "executable": sys.executable,
    "prefix": sys.prefix,
    "library": next((it for it in paths if os.path.isfile(it)), None),
    "package": None,
    "layout": None,
    "error": None,
}
if sys.version_info >= (3, 10):
    try:
        import conductor

        about["package"] = os.path.dirname(os.path.abspath(conductor.__file__))
        about["layout"] = conductor.LAYOUT
    except Exception as error:
        about["error"] = "%s: %s" % (type(error).__name__, error)
print(json.dumps(about), file=out)
