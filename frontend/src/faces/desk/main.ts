/** Entry of the desk's page. */
import { mount } from 'svelte';
import '../../core/i18n/all';
import { begin } from '../../core/start';
import './desk.css';
import DeskPage from './DeskPage.svelte';

mount(DeskPage, { target: document.getElementById('app')!, props: { app: begin() } });
