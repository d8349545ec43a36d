/** Compares positions of a Redis stream: `milliseconds-number`, each too long to compare as text. */
export function isAfter(position: string, start: string): boolean {
  const [time = 0, number = 0] = position.split('-').map(Number);
  const [startTime = 0, startNumber = 0] = start.split('-').map(Number);
  return time > startTime || (time === startTime && number > startNumber);
}
