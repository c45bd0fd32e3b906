/** Entry of the replay page: no feed; the store is filled from a recording. */
import { mount } from 'svelte';
import '../../core/i18n/all';
import { begin } from '../../core/start';
import './replay.css';
import ReplayPage from './ReplayPage.svelte';

mount(ReplayPage, { target: document.getElementById('app')!, props: { app: begin({ live: false }) } });
