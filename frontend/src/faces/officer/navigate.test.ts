import { expect, it } from 'vitest';
import { appAddress, DATUM, mapApps } from './navigate';

const ANDROID = 'Mozilla/5.0 (Linux; Android 15)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)';

it('offers what runs on the phone, Chinese maps to who reads Chinese', () => {
  expect(mapApps(ANDROID, 'en')).toEqual(['phone']);
  expect(mapApps(IPHONE, 'en')).toEqual(['apple']);
  expect(mapApps(ANDROID, 'zh')).toEqual(['phone', 'amap', 'baidu']);
});

it('says the datum of each link and escapes what people wrote', () => {
  const at: [number, number] = [116.397428, 39.90923];
  expect(appAddress('phone', at, 'A & B', ANDROID)).toBe('geo:39.909230,116.397428?q=39.909230,116.397428(A%20%26%20B)');
  expect(appAddress('baidu', at, 'A&B', ANDROID)).toContain('coord_type=wgs84');
  expect(appAddress('baidu', at, 'A&B', ANDROID)).not.toContain('A&B');
  expect(appAddress('amap', at, '桥', IPHONE)).toMatch(/^iosamap:.*dname=%E6%A1%A5&dev=0/);
  expect(DATUM.amap).toBe('gcj02');
});
