"""The scenes: each paints a whole picture's ground on a stage."""
