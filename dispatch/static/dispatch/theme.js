/* Before anything is drawn: the theme that the person chose, from the page. */
document.documentElement.dataset.theme = document.currentScript.dataset.theme;
