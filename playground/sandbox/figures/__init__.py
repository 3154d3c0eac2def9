"""What stands in the scenes: animals, people's things, houses, plants."""
