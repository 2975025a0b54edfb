/** How loud a microphone is, ten times a second. */

const EVERY_MS = 100;

export class LevelMeter {
  private context: AudioContext | undefined;
  private timer: number | undefined;

  /** level: called with 0 (silence) to 1 (loud). */
  constructor(private readonly level: (value: number) => void) {}

  /** Listens to this track instead of any other. */
  start(track: MediaStreamTrack): void {
    this.stop();
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // From -60 dB to 0 dB below full scale, as a share of the whole.
      this.level(Math.max(0, Math.min(1, 1 + (10 * Math.log10(power + 1e-9)) / 60)));
    }, EVERY_MS);
  }

  stop(): void {
    window.clearInterval(this.timer);
    void this.context?.close();
    this.context = undefined;
    this.level(0);
  }
}
