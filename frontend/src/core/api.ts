/** HTTP to the server: every decision goes this way, with an idempotency key, so that a retry cannot happen twice. */
import { uuid7 } from './uuid7';

export type Facts = Record<string, unknown>;

/** A refusal or failure in the one error shape. `code` has words in the catalogue (core/i18n); facts fill them. */
export class ApiProblem extends Error {
  constructor(
    readonly code: string,
    readonly facts: Facts = {},
    readonly field: string | null = null,
    readonly status = 0,
  ) {
    super(code);
  }
}

export interface SendOptions {
  /** Same key + same body = same answer. Made here when not given. */
  key?: string;
  /** The version of the object being edited (If-Match). */
  version?: number;
  signal?: AbortSignal;
}

export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  /** The answer's bytes as they are. */
  bytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer>;
  /** `body` goes as JSON, a Blob as it is. */
  post<T>(path: string, body?: unknown, options?: SendOptions): Promise<T>;
  patch<T>(path: string, body: unknown, options?: SendOptions): Promise<T>;
}

const TIMEOUT_MS = 12_000;
const PART_TIMEOUT_MS = 60_000;

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  try {
    const { error } = (await answer.json()) as { error: { code: string; facts?: Facts; field?: string | null } };
    return new ApiProblem(error.code, error.facts ?? {}, error.field ?? null, answer.status);
  } catch {
    return new ApiProblem(answer.status >= 500 ? 'server_failed' : 'bad_answer', { status: answer.status }, null, answer.status);
  }
}

/** Make a client for one API root (`/api/v1`). */
export function makeApi(root: string, csrfHeader = 'X-CSRFToken', csrfCookie = 'csrftoken'): Api {
  async function fetched(method: string, path: string, body?: unknown, options: SendOptions = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (method !== 'GET') {
      headers['Content-Type'] = body instanceof Blob ? body.type || 'application/octet-stream' : 'application/json';
      headers[csrfHeader] = cookie(csrfCookie);
      headers['Idempotency-Key'] = options.key ?? uuid7();
    }
    if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
    const limit = AbortSignal.timeout(body instanceof Blob ? PART_TIMEOUT_MS : TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
    let answer: Response;
    try {
      const payload = method === 'GET' ? null : body instanceof Blob ? body : JSON.stringify(body ?? {});
      answer = await fetch(root + path, { method, headers, body: payload, signal, credentials: 'same-origin' });
    } catch (failure) {
      if (options.signal?.aborted) throw failure;
      throw new ApiProblem('no_answer');
    }
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
  async function call<T>(method: string, path: string, body?: unknown, options: SendOptions = {}): Promise<T> {
    const answer = await fetched(method, path, body, options);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
  return {
    get: (path, signal) => call('GET', path, undefined, signal ? { signal } : {}),
    bytes: async (path, signal) => (await fetched('GET', path, undefined, signal ? { signal } : {})).arrayBuffer(),
    post: (path, body, options) => call('POST', path, body, options),
    patch: (path, body, options) => call('PATCH', path, body, options),
  };
}
