/** Entry of the auditor's page: a list, no feed, no picture. */
import { mount } from 'svelte';
import '../../core/i18n/all';
import { begin } from '../../core/start';
import App from './App.svelte';

const app = begin({ live: false });
mount(App, { target: document.getElementById('app')!, props: { app } });
