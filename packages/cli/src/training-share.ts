/** The share of the time to learn from: `70%`. */
export function trainingShare(text: string): number {
  const share = /^\d{1,2}%$/.test(text) ? Number(text.slice(0, -1)) / 100 : 0;
  if (share < 0.1 || share > 0.95) throw new Error(`\`${text}\` is no share of the time to learn from: write 70%, from 10% to 95%`);
  return share;
}
