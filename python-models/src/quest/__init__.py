"""Function Quest: levels in which instruments have to be called well, the policies that play them, and how one learns.

`conductor` knows nothing of this package; what is trained here is the file of weights that `conductor.load` reads.
"""
