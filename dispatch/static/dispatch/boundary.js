/* Draws the ground beside a boundary or a point field: the shape itself, the area around it. Nothing is loaded.
   A point field's drawing can be clicked. Longitudes are squeezed by the cosine of the latitude, north is up. */
(() => {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';

  function ringsOf(text) {
    const said = text.trim();
    if (!said.startsWith('{')) {
      const rings = [...said.matchAll(/\(([-+\d.,eE\s]+)\)/g)].map((found) => found[1].split(',').map((pair) => pair.trim().split(/\s+/).map(Number)));
      return rings.filter((ring) => ring.length > 3 && ring.every((at) => at.length >= 2 && at.every(Number.isFinite)));
    }
    const shape = JSON.parse(said);
    const geometry = shape.type === 'Feature' ? shape.geometry : shape;
    return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
  }

  function safeRings(text) {
    try { return text ? ringsOf(text) : []; } catch { return []; }
  }

  function frameOf(rings) {
    const all = rings.flat();
    const lons = all.map((at) => at[0]);
    const lats = all.map((at) => at[1]);
    const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
    const squeeze = Math.cos(((south + north) / 2) * Math.PI / 180);
    const pad = Math.max((east - west) * squeeze, north - south) * 0.06 || 0.001;
    return { west, north, squeeze, pad, width: (east - west) * squeeze + 2 * pad, height: north - south + 2 * pad };
  }

  const x = (frame, lon) => (lon - frame.west) * frame.squeeze + frame.pad;
  const y = (frame, lat) => frame.north - lat + frame.pad;

  function path(frame, rings, name) {
    const line = document.createElementNS(SVG, 'path');
    line.setAttribute('class', name);
    line.setAttribute('d', rings.map((ring) => 'M' + ring.map((at) => `${x(frame, at[0])},${y(frame, at[1])}`).join('L') + 'Z').join(''));
    return line;
  }

  function mark(frame, lon, lat) {
    const ring = document.createElementNS(SVG, 'circle');
    ring.setAttribute('class', 'at');
    ring.setAttribute('vector-effect', 'non-scaling-stroke');
    ring.setAttribute('cx', x(frame, lon));
    ring.setAttribute('cy', y(frame, lat));
    ring.setAttribute('r', frame.width / 80);
    return ring;
  }

  function draw(box) {
    const field = box.querySelector('textarea, input');
    const svg = box.querySelector('svg');
    const around = safeRings(field.dataset.around || '');
    const placing = svg.classList.contains('placing');
    const at = placing ? field.value.split(/[\s,]+/).filter(Boolean).map(Number) : [];
    const isPoint = at.length === 2 && at.every(Number.isFinite);
    const own = placing ? [] : safeRings(field.value);
    const seen = [...around, ...own, ...(isPoint ? [[at]] : [])];
    svg.replaceChildren();
    svg.toggleAttribute('hidden', seen.length === 0);
    if (!seen.length) return null;
    const frame = frameOf(seen);
    svg.setAttribute('viewBox', `0 0 ${frame.width} ${frame.height}`);
    if (around.length) svg.append(path(frame, around, 'around'));
    if (own.length) svg.append(path(frame, own, 'own'));
    if (isPoint) svg.append(mark(frame, at[0], at[1]));
    return frame;
  }

  function place(box, event) {
    const svg = box.querySelector('svg');
    const frame = draw(box);
    const matrix = svg.getScreenCTM();
    if (!frame || !matrix) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const lon = (at.x - frame.pad) / frame.squeeze + frame.west;
    const lat = frame.north - (at.y - frame.pad);
    box.querySelector('input').value = `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
    draw(box);
  }

  document.addEventListener('DOMContentLoaded', () => {
    for (const box of document.querySelectorAll('.shape')) {
      draw(box);
      box.querySelector('textarea, input').addEventListener('input', () => draw(box));
      if (box.querySelector('svg.placing')) box.querySelector('svg').addEventListener('click', (event) => place(box, event));
    }
  });
})();
