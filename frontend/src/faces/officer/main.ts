/** Entry of the officer's page. The map is no part of it: it comes after the first paint, when asked for. */
import { mount } from 'svelte';
import { begin } from '../../core/start';
import App from './App.svelte';
import './officer.css';
import { Session } from './session.svelte';

const app = begin({ live: false });
const session = new Session(app);
mount(App, { target: document.getElementById('app')!, props: { session } });
app.feed.begin();
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/officer-worker.js', { scope: '/officer' }).catch((failure: unknown) => {
    console.warn('no offline shell:', failure);
  });
}
