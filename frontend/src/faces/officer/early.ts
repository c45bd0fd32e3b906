/**
 * Runs before the rest of the page has arrived: opens the line and asks for the board, so that both come while the phone still fetches and
 * reads the screens. Imports nothing, so that it is one small file; `core/feed.svelte.ts` takes the line over with what came meanwhile.
 */
import type { EarlyLine } from '../../core/wire';

function open(): EarlyLine | undefined {
  try {
    const { ws } = JSON.parse(document.getElementById('boot')?.textContent ?? '') as { ws: string };
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${ws}`);
    socket.binaryType = 'arraybuffer';
    const line: EarlyLine = { socket, frames: [] };
    socket.onopen = () => socket.send('{"t":"start"}');
    socket.onmessage = ({ data }) => line.frames.push(data as string | ArrayBuffer);
    return line;
  } catch {
    // The feed opens its own and says what is wrong.
    return undefined;
  }
}

(globalThis as { nearcastLine?: EarlyLine | undefined }).nearcastLine = open();
