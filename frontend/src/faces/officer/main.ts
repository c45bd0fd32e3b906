/** Entry of the officer's page. The map is no part of it: it comes after the first paint, when asked for. */
import { mount } from 'svelte';
import type { MeCard } from '../../contract/types';
import { Database } from '../../core/database';
import { sweep } from '../../core/shelf';
import { begin } from '../../core/start';
import type { EarlyLine } from '../../core/wire';
import { display } from './display.svelte';
import App from './App.svelte';
import { readKept, signInMark } from './keep';
import './officer.css';
import './display.css';
import { Session } from './session.svelte';
import { sessionOver } from './signout';
import './words';
import { recallClock } from './wrongclock';

/** A day longer than an answer is sent at all: the person himself still reads that it was not. */
const LEFT_BEHIND_MS = 7 * 24 * 3600 * 1000;
const database = new Database();
const app = begin({ live: false, polls: true, early: (globalThis as { nearcastLine?: EarlyLine }).nearcastLine, onSignedOut: () => void sessionOver(session) });
recallClock(app.boot.clock.rate);
const me = app.boot.me as MeCard;
const session = new Session(app, database, await readKept(database, me.person.uid, signInMark(app.boot.csrf_cookie)));
display.begin(me.person.uid);
await session.outbox.ready;
// First, so that a board that came early is what the screens are made of: drawing "loading" before it costs a phone twice.
app.feed.begin();
mount(App, { target: document.getElementById('app')!, props: { session } });
void sweep(database, LEFT_BEHIND_MS);
