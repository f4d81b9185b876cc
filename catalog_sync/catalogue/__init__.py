"""The catalogue: desired state as people write it, read with exact places and every problem at once.

`loader` is the way in; `covers` has the pictures, both for the loader and for the upload.
"""
