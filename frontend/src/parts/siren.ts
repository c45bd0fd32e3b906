/** The sound of a distress: its own timbre, two tones that fall, every three seconds until somebody has it. No mute stops it. */
const AGAIN_MS = 3000;
/** [Hz from, Hz to, start s, length s] */
const WAIL: readonly (readonly [number, number, number, number])[] = [[1320, 740, 0, 0.34], [1320, 740, 0.4, 0.34], [1320, 740, 0.8, 0.34]];
const SHAKE = [500, 150, 500, 150, 500];

export class Siren {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Call from a tap or key: browsers give no sound before the first. */
  async arm(): Promise<void> {
    this.context ??= new AudioContext();
    if (this.context.state === 'suspended') await this.context.resume();
  }

  get sounding(): boolean {
    return this.timer !== undefined;
  }

  /** Sound now and again until `stop`. */
  start(): void {
    if (this.timer !== undefined) return;
    this.once();
    this.timer = setInterval(() => this.once(), AGAIN_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private once(): void {
    navigator.vibrate?.(SHAKE);
    this.context ??= new AudioContext();
    if (this.context.state === 'suspended') void this.context.resume();
    for (const [from, to, after_s, length_s] of WAIL) wail(this.context, from, to, this.context.currentTime + 0.02 + after_s, length_s);
  }
}

function wail(context: AudioContext, from: number, to: number, at_s: number, length_s: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = 'square';
  tone.frequency.setValueAtTime(from, at_s);
  tone.frequency.linearRampToValueAtTime(to, at_s + length_s);
  volume.gain.setValueAtTime(0, at_s);
  volume.gain.linearRampToValueAtTime(0.4, at_s + 0.01);
  volume.gain.setValueAtTime(0.4, at_s + length_s - 0.03);
  volume.gain.linearRampToValueAtTime(0, at_s + length_s);
  tone.connect(volume).connect(context.destination);
  tone.start(at_s);
  tone.stop(at_s + length_s + 0.02);
}
