/** Web push on this phone: asked for by a tap, said honestly when it cannot be, given back when the officer leaves. */
import type { Api } from '../../core/api';

export type PushState = 'unknown' | 'unsupported' | 'off' | 'working' | 'on' | 'denied' | 'dismissed' | 'no_way';
/** A browser asks its push service before it answers; without the internet some wait for ever. */
const PATIENCE_MS = 10_000;

function within<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error('too slow')), PATIENCE_MS))]);
}

/** The bytes of a base64url word. */
export function bytesOf(word: string): Uint8Array<ArrayBuffer> {
  const plain = atob(word.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return navigator.serviceWorker?.getRegistration('/officer');
}

function supported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** What this browser can do and does now. */
export class Push {
  state = $state<PushState>('unknown');
  /** The server's own refusal, for words; null: none. */
  problem = $state<unknown>(null);

  constructor(private readonly api: Api) {}

  /** Look, without asking anybody anything. */
  async look(): Promise<void> {
    if (!supported()) this.state = 'unsupported';
    else if (Notification.permission === 'denied') this.state = 'denied';
    else {
      const known = await (await registration())?.pushManager.getSubscription();
      // A subscription of the browser's may be one that the server has forgotten: saying it again costs nothing.
      if (known) await this.tell(known).catch(() => (this.state = 'off'));
      else this.state = 'off';
    }
  }

  /** Ask the person, then the browser's push service, then tell the server. Only ever called by a tap. */
  async turnOn(): Promise<void> {
    this.state = 'working';
    this.problem = null;
    const answer = await Notification.requestPermission();
    if (answer !== 'granted') {
      this.state = answer === 'denied' ? 'denied' : 'dismissed';
      return;
    }
    let found: PushSubscription;
    try {
      const at = await within(navigator.serviceWorker.ready);
      const { key } = await this.api.get<{ key: string }>('/push');
      found = await within(at.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) }));
    } catch (failure) {
      console.warn('no push:', failure);
      this.state = 'no_way';
      return;
    }
    await this.tell(found).catch((failure: unknown) => {
      this.problem = failure;
      this.state = 'off';
    });
  }

  /** Give it back: here and at the server. */
  async turnOff(): Promise<void> {
    this.state = 'working';
    await forgetPush(this.api);
    this.state = 'off';
  }

  private async tell(found: PushSubscription): Promise<void> {
    const { endpoint, keys } = found.toJSON();
    await this.api.post('/push/subscriptions', { endpoint, keys });
    this.state = 'on';
  }
}

/** Give this browser's subscription back. A server out of reach is no obstacle: it forgets a session's phones with the session. */
export async function forgetPush(api: Api): Promise<void> {
  if (!supported()) return;
  const found = await (await registration())?.pushManager.getSubscription();
  if (!found) return;
  await Promise.allSettled([within(found.unsubscribe()), api.post('/push/subscriptions/forget', { endpoint: found.endpoint })]);
}
