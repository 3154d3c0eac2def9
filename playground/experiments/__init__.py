"""Many pictures along axes: variations of a prompt, grids, races, and which of them people like."""
