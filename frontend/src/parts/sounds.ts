/** Three loudness levels, made in the browser: 1 soft tick, 2 two tones rising, 3 a pattern that repeats until acknowledged. */
export type Loudness = 1 | 2 | 3;

/** [frequency Hz, start s, length s] of each tone. */
const TONES: Record<Loudness, [number, number, number][]> = {
  1: [[880, 0, 0.04]],
  2: [[660, 0, 0.12], [880, 0.16, 0.16]],
  3: [[784, 0, 0.14], [988, 0.18, 0.14], [1175, 0.36, 0.22]],
};
const GAIN: Record<Loudness, number> = { 1: 0.08, 2: 0.18, 3: 0.32 };
const REPEAT_MS = 5000;

export class Sounds {
  private context: AudioContext | null = null;
  private repeating: ReturnType<typeof setInterval> | undefined;

  /** `muted` is asked at each sound. */
  constructor(private readonly muted: () => boolean) {}

  /** Sound once. Browsers allow it only after the person has touched the page; before that it stays silent. */
  play(loudness: Loudness): void {
    if (this.muted()) return;
    this.context ??= new AudioContext();
    if (this.context.state === 'suspended') void this.context.resume();
    const start = this.context.currentTime + 0.02;
    for (const [pitch, after, length] of TONES[loudness]) this.tone(pitch, start + after, length, GAIN[loudness]);
  }

  /** Sound level 3 now and every 5 s until `stop`. */
  insist(): void {
    if (this.repeating) return;
    this.play(3);
    this.repeating = setInterval(() => this.play(3), REPEAT_MS);
  }

  stop(): void {
    clearInterval(this.repeating);
    this.repeating = undefined;
  }

  private tone(pitch: number, at: number, length: number, loudness: number): void {
    const context = this.context!;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = pitch;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + length + 0.02);
  }
}
