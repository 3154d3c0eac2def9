/* Two pictures compared pixel by pixel. */

const CLEARLY = 16;
/** Of 255, in one of red, green and blue: what an eye can see when it looks for it. */

function pixels(image, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** A canvas that shows in pink where the pictures differ, and the shares of pixels that do. */
export async function differenceOf(one, other) {
  await Promise.all([one.decode(), other.decode()]);
  const { naturalWidth: width, naturalHeight: height } = one;
  const first = pixels(one, width, height);
  const before = first.data;
  const after = pixels(other, width, height).data;
  const [different, clearly] = mark(before, after);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").putImageData(first, 0, 0);
  const total = width * height;
  const sameSize = other.naturalWidth === width && other.naturalHeight === height;
  return { canvas, sameSize, width, height, different: different / total, clearly: clearly / total };
}

/** Turn `before` into the picture of what differs; gives how many pixels do, at all and clearly. */
function mark(before, after) {
  let [different, clearly] = [0, 0];
  for (let at = 0; at < before.length; at += 4) {
    let most = 0;
    for (let channel = 0; channel < 4; channel += 1)
      most = Math.max(most, Math.abs(before[at + channel] - after[at + channel]));
    different += most > 0;
    clearly += most > CLEARLY;
    const grey = 0.25 * (0.3 * before[at] + 0.59 * before[at + 1] + 0.11 * before[at + 2]);
    const much = most ? Math.min(1, 0.3 + most / 96) : 0;
    before[at] = grey + (255 - grey) * much;
    before[at + 1] = grey + (90 - grey) * much;
    before[at + 2] = grey + (170 - grey) * much;
    before[at + 3] = 255;
  }
  return [different, clearly];
}

function percent(share) {
  if (share > 0 && share < 0.0001) return "less than 0.01 %";
  return `${(100 * share).toLocaleString("en", { maximumFractionDigits: 2 })} %`;
}

/** "12.3 % of the pixels differ, 4 % clearly." */
export function inWords({ different, clearly, sameSize, width, height }) {
  const words = different
    ? `${percent(different)} of the pixels differ, ${clearly ? percent(clearly) : "none"} clearly.`
    : "Every pixel is the same.";
  return sameSize ? words : `${words} The second picture has another size; it was compared at ${width} × ${height}.`;
}
