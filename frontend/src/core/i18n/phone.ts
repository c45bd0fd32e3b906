/** Words of the officer's page about network, storage, screen and display. */
import type { Catalogue } from './index';

export const phone: Catalogue = {
  'officer.no_right': ['本账号不再有此权限，本机内容已清除。请联系管理员。', 'This account may not do this any more; what was kept here is wiped. Ask an administrator.'],
  'officer.dark': ['{from} 至 {to} 屏幕关闭或页面在后台，指挥中心没有你的位置。', '{from} to {to}: screen off or page away. The desk had no position of you.'],
  'officer.unstored': ['本机存储已满：待发送的操作只在此页打开时保留，请不要关闭。', 'This phone’s storage is full: what waits lives only while this page is open. Do not close it.'],
  'officer.screen_may_sleep': ['此浏览器不能保持亮屏。屏幕一关，位置就停止。', 'This browser cannot keep the screen on. When it goes dark, the position stops.'],
  'officer.update_ready': ['有新版本。无人操作时自动更换，不会丢失任何内容。', 'A new version is here. It is put in place when nobody touches the phone; nothing is lost.'],
  'officer.update_later': ['有新版本，此单结束、全部送达后更换。', 'A new version waits until this order is over and everything has arrived.'],
  'officer.update_now': ['现在更换', 'Now'],
  'officer.ended.cleared_voice': ['指挥中心已按电台口报结束此单', 'The desk cleared this order by voice'],
  'officer.ended.cleared': ['此单已由同组另一部手机完成', 'This order was cleared on another phone of your unit'],
  'officer.ended.refused': ['此单已答复“不能”', 'This order was answered “cannot”'],
  'officer.ended.closed': ['警情已结案', 'The incident is closed'],
  'officer.ended.instead': ['已改派 {unit}。', '{unit} goes instead.'],
  'officer.late': ['你在 {time} 按下的“{what}”到达时此单已结束，未计入。', '“{what}”, pressed at {time}, came after that and does not count.'],
  'officer.now.recalled': ['不要前往。如已在途中，请返回并用电台报告位置。', 'Do not go on. If you are on the way, turn back and say so on the radio.'],
  'officer.now.replaced': ['不要前往，除非指挥中心另行通知。', 'Do not go on unless the desk asks you to.'],
  'officer.now.timed_out': ['如能前往，请用电台告知指挥中心。', 'If you can go, tell the desk on the radio.'],
  'officer.now.cleared_voice': ['无需再按。如有不符，请用电台告知指挥中心。', 'Nothing is left to press. If that is wrong, tell the desk on the radio.'],
  'officer.now.cleared': ['无需再按。', 'Nothing is left to press.'],
  'officer.now.refused': ['无需再按。', 'Nothing is left to press.'],
  'officer.now.closed': ['无需前往。如仍在现场，请用电台告知指挥中心。', 'No need to go. If you are still there, tell the desk on the radio.'],
  'officer.now.withdrawn': ['如已在途中，请用电台询问指挥中心。', 'If you are on the way, ask the desk on the radio.'],
  'officer.already': ['已由电台或同组手机记录：{state}', 'Recorded already, by voice or a colleague’s phone: {state}'],
  'error.outbox_too_old': ['按下已超过六天，不再发送。请告知指挥中心。', 'Pressed more than six days ago: not sent any more. Tell the desk.'],
};
