"""What tells one animal from another."""

from dataclasses import dataclass

from ..canvas import Point

HEAD: Point = (0.0, -0.66)

# Other coats that nature gives; an empty one is the usual.
COATS: dict[str, tuple[str, ...]] = {
    "cat": ("", "", "8e8a96", "4a4552", "e9dcc8", "9c6b45"),
    "dog": ("", "", "e3c08d", "6b4a38", "efe6da", "5a5560"),
    "rabbit": ("", "f0e9e2", "a9937f", "8f8a92"),
    "bird": ("", "e0604f", "f2b84b", "58b09c", "7f7fd1"),
    "fish": ("", "f2c14e", "4fa3d9", "e0607a", "58c2b0"),
    "bear": ("", "6e4a34"),
    "mouse": ("", "d9cdbf", "9b8478"),
    "robot": ("", "e0a45e", "7fc4b4", "b39ad6"),
    "owl": ("", "6f7f95", "b5855a"),
    "duck": ("", "f4f1ea", "8a6a4f"),
    "whale": ("", "5b8f96", "6a78b8"),
    "man": ("", "3f5f8c", "6b7a4f", "7a4f5f", "2f6f6a"),
    "person": ("", "3f7f8c", "e0a83f", "6b5aa8", "4f8f5f", "c85a7a"),
}


@dataclass(frozen=True)
class Species:
    """What tells one animal from another."""

    coat: str
    belly: str
    ears: str
    face: str
    tail: str
    marks: str = ""
    inner: str = "f7a8ae"
    nose: str = "3a2c34"
    wide: float = 1.0


SPECIES: dict[str, Species] = {
    "pig": Species("f6a9b4", "fbc6cc", "pig", "snout", "curl", inner="ec8797", nose="ee8d9c"),
    "cat": Species("f2a65a", "fff1dc", "cat", "cat", "long", "tabby", nose="e5737f"),
    "dog": Species("c98d5a", "fbe9d2", "floppy", "dog", "wag", "patch", inner="8a5a38"),
    "rabbit": Species("d9c9bd", "fbf4ec", "long", "rabbit", "puff", nose="e78a97"),
    "fox": Species("e8743b", "fff4e8", "fox", "fox", "bushy", "fox", inner="4a2a22"),
    "wolf": Species("8d97a8", "e9edf3", "fox", "fox", "bushy", "fox", inner="4c5566"),
    "bear": Species("8f5f3f", "d8ac7d", "round", "bear", "none", inner="d8a878"),
    "polarbear": Species("f3f6fa", "ffffff", "round", "bear", "none", inner="d6e0ec"),
    "panda": Species("fbfbfb", "ffffff", "dark", "bear", "none", "panda", inner="2b2a33"),
    "mouse": Species("b9b4c4", "f1eef5", "disc", "mouse", "thin", nose="ef8fa0"),
    "cow": Species("fbf7f2", "ffffff", "cow", "cow", "none", "cow", inner="f4b0a8", nose="f2a7a0"),
    "sheep": Species("fbf6ec", "fffaf2", "cow", "sheep", "none", "wool", inner="e9b8ae"),
    "lion": Species(
        "eab45f", "fbe3b4", "round", "cat", "tuft", "mane", inner="c98a3c", nose="7a4a34"
    ),
    "tiger": Species(
        "f29b3d", "fff3e0", "round", "cat", "long", "tiger", inner="f7c9a0", nose="e08a86"
    ),
    "koala": Species("a3aab6", "e8ebf0", "disc", "koala", "none", inner="e9c6cc", nose="3b3a46"),
    "frog": Species("6fbf5b", "dff2b8", "frog", "frog", "none"),
    "monkey": Species("8a5a3c", "e9bf93", "monkey", "monkey", "long", inner="e9bf93"),
    "raccoon": Species(
        "8d929c", "dfe3ea", "round", "cat", "ringed", "raccoon", inner="4b4e58", nose="2c2b33"
    ),
}
