import { expect, it } from 'vitest';
import { bearingDeg, eighth, geoAddress, wayTo } from './way';

it('points the right way at 60° N and across the antimeridian', () => {
  expect(bearingDeg([24.9, 60.0], [24.9, 60.1])).toBeCloseTo(0, 6);
  expect(bearingDeg([24.9, 60.0], [25.0, 60.0])).toBeCloseTo(89.957, 2);
  expect(bearingDeg([179.99, 0], [-179.99, 0])).toBeCloseTo(90, 6);
});

it('names the eighth of the compass', () => {
  expect([0, 22, 23, 90, 180, 337, 338, 359].map(eighth)).toEqual([0, 0, 1, 2, 4, 7, 0, 0]);
});

it('says how far, in metres', () => {
  const way = wayTo([-71.34, -29.95], [-71.34, -29.941]);
  expect(way.distance_m).toBeCloseTo(1000.8, 0);
  expect(way.eighth).toBe(0);
});

it('hands the place to the phone’s own navigation, latitude first', () => {
  expect(geoAddress([-71.343, -29.953], 'Av. del Mar / 4 Esquinas')).toBe('geo:-29.953000,-71.343000?q=-29.953000,-71.343000(Av.%20del%20Mar%20%2F%204%20Esquinas)');
});
