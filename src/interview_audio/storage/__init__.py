"""Places for files beside the folders of this machine: buckets, and whatever else an address of fsspec names."""
