"""The word every sandbox picture carries, on it and in its file."""

import io

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageStat
from PIL.PngImagePlugin import PngInfo

SANDBOX_MARK = "sandbox"


def marked(image: Image.Image) -> Image.Image:
    """The picture with the word in its lower right corner, small but readable on any ground."""
    size = max(10, round(min(image.size) * 0.021))
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(SANDBOX_MARK)
    wide, high = round(right - left), round(bottom - top)
    pad_x, pad_y, margin = round(size * 0.62), round(size * 0.42), max(2, round(size * 0.6))
    width, height = wide + 2 * pad_x, high + 2 * pad_y
    x, y = image.width - margin - width, image.height - margin - height
    box = (x, y, x + width, y + height)
    ground = image.crop(box)
    light = ImageStat.Stat(ground.convert("L")).mean[0] > 120
    pill = Image.new("L", (width * 4, height * 4))
    ImageDraw.Draw(pill).rounded_rectangle(
        (0, 0, width * 4 - 1, height * 4 - 1), height * 2, fill=255
    )
    pill = pill.reduce(4)
    soft = ground.filter(ImageFilter.GaussianBlur(size * 0.4))
    tint = Image.new("RGB", soft.size, (255, 255, 255) if light else (10, 12, 28))
    plate = Image.blend(soft, tint, 0.5)
    text = Image.new("L", (width, height))
    ImageDraw.Draw(text).text((pad_x - left, pad_y - top), SANDBOX_MARK, font=font, fill=235)
    plate.paste((18, 20, 38) if light else (255, 255, 255), (0, 0), text)
    image.paste(plate, box, ImageChops.multiply(pill, Image.new("L", pill.size, 235)))
    return image


def encode(image: Image.Image, *, image_format: str, description: dict[str, str]) -> bytes:
    """The picture as the bytes of a file, marked in its metadata.

    `image_format` is "JPEG" or "PNG"; `description` (attribute → value) goes into the file as
    text. The same picture and description give the same bytes. Raises ValueError for another
    format.
    """
    lines = "\n".join(f"{name}: {value}" for name, value in description.items())
    comment = f"{SANDBOX_MARK}\n{lines}".rstrip().replace("\0", " ")
    comment = comment.encode("utf-8", "replace").decode("utf-8")
    file = io.BytesIO()
    if image_format == "PNG":
        info = PngInfo()
        info.add_text("Software", SANDBOX_MARK)
        info.add_itxt("Comment", comment)
        image.save(file, "PNG", pnginfo=info, compress_level=3)
    elif image_format == "JPEG":
        exif = Image.Exif()
        exif[0x0131] = SANDBOX_MARK
        exif[0x010E] = comment.encode("utf-8")[:30_000]
        image.save(file, "JPEG", quality=92, exif=exif)
    else:
        raise ValueError(f"The sandbox writes JPEG and PNG, not {image_format}.")
    return file.getvalue()
