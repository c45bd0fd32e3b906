/** The sound and vibration of an order, made in the browser. Browsers give no sound before the first tap: `armed` says. */

export type Loudness = 1 | 2 | 3;

/** Notes as [Hz, start s, length s]: 1 soft tick, 2 two tones rising, 3 a pattern of three. */
export const NOTES: Record<Loudness, readonly (readonly [number, number, number])[]> = {
  1: [[660, 0, 0.12]],
  2: [[523, 0, 0.2], [784, 0.24, 0.32]],
  3: [[880, 0, 0.16], [880, 0.24, 0.16], [1175, 0.48, 0.36]],
};
const SHAKE: Record<Loudness, number[]> = { 1: [120], 2: [200, 100, 300], 3: [300, 120, 300, 120, 600] };
const AGAIN_MS = 5000;

/** How loud an order of this level is: a level 1 cannot be missed, 3 and 4 do not startle. */
export function loudnessOf(level: number): Loudness {
  if (level <= 1) return 3;
  return level === 2 ? 2 : 1;
}

/** What the phone does the second time: one level up, and with all the volume there is. */
export function louder(loudness: Loudness): Loudness {
  return loudness === 1 ? 2 : 3;
}
const HALF = 0.5;
export const FULL = 1;

export class Alarm {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Call from a tap. Returns true when sound will come. */
  async arm(): Promise<boolean> {
    this.context ??= new AudioContext();
    await this.context.resume();
    return this.armed;
  }

  get armed(): boolean {
    return this.context?.state === 'running';
  }

  /** Ring now and every five seconds until `hush`. */
  ring(loudness: Loudness, gain = HALF): void {
    this.hush();
    this.once(loudness, gain);
    this.timer = setInterval(() => this.once(loudness, gain), AGAIN_MS);
  }

  hush(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** One sound, without repeating. */
  once(loudness: Loudness, gain = HALF): void {
    navigator.vibrate?.(SHAKE[loudness]);
    const context = this.context;
    if (!context || context.state !== 'running') return;
    for (const [hertz, start_s, length_s] of NOTES[loudness]) note(context, hertz, context.currentTime + start_s, length_s, gain);
  }
}

function note(context: AudioContext, hertz: number, at_s: number, length_s: number, gain: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = hertz;
  tone.type = 'triangle';
  volume.gain.setValueAtTime(0, at_s);
  volume.gain.linearRampToValueAtTime(gain, at_s + 0.015);
  volume.gain.setValueAtTime(gain, at_s + length_s - 0.04);
  volume.gain.linearRampToValueAtTime(0, at_s + length_s);
  tone.connect(volume).connect(context.destination);
  tone.start(at_s);
  tone.stop(at_s + length_s);
}
