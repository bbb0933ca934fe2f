'use strict';
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const me = { account: query.get('account') || '', person: query.get('person') || '' };
const CALLS = ['/cgi-bin/message/template/send', '/cgi-bin/qrcode/create', '/cgi-bin/stable_token', '/cgi-bin/token', '/cgi-bin/user/info', '/cgi-bin/user/get', '/cgi-bin/message/mass/sendall', '/cgi-bin/message/mass/send', '/cgi-bin/message/custom/send', '/cgi-bin/draft/add', '/cgi-bin/media/uploadimg', '/cgi-bin/material/add_material', '/cgi-bin/tags/members/batchtagging', '/cgi-bin/menu/create', '/cgi-bin/ticket/getticket'];
const PUSHES = ['subscribe', 'SCAN', 'unsubscribe', 'text', 'CLICK', 'VIEW', 'TEMPLATESENDJOBFINISH', 'MASSSENDJOBFINISH'];
const COLORS = ['#5b8def', '#e08a3c', '#8f6fd6', '#d0607d', '#3fa796', '#7b90a8'];
let state = null;
let seen = {};

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
function color(name) {
  let sum = 0;
  for (const c of name) sum += c.codePointAt(0);
  return COLORS[sum % COLORS.length];
}
function avatar(name, shop) {
  const node = el('span', shop ? 'avatar shop' : 'avatar', [...name][0] || '?');
  if (!shop) node.style.background = color(name);
  return node;
}
function safe(url) {
  return /^https?:\/\//i.test(url) ? url : '';
}
/** A page opens as the person whose phone this is, so that the host's sign-in knows them. */
function inApp(url) {
  return '/_sim/open?' + new URLSearchParams({ account: state.account, person: me.person, url });
}
function two(n) { return String(n).padStart(2, '0'); }
function shanghai(ms) { return new Date(ms + 8 * 3600e3); }
function clockOf(ms) { const d = shanghai(ms); return two(d.getUTCHours()) + ':' + two(d.getUTCMinutes()); }
function dayOf(ms) { const d = shanghai(ms); return d.getUTCFullYear() + '年' + (d.getUTCMonth() + 1) + '月' + d.getUTCDate() + '日'; }
function when(ms) { return dayOf(ms) === dayOf(state.shown) ? clockOf(ms) : dayOf(ms) + ' ' + clockOf(ms); }

function toast(words) {
  if (!words) return;
  const box = $('toast');
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 2600);
}

async function act(action, more, raw) {
  const who = { account: me.account, person: me.person };
  const target = raw ? '/_sim/' + action + '?' + new URLSearchParams(who) : '/_sim/' + action;
  try {
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'Content-Type': raw ? 'application/octet-stream' : 'application/json' },
      body: raw || JSON.stringify({ ...who, ...more }),
    });
    const body = await answer.json();
    toast(body.error || body.shown);
    await refresh();
    return body;
  } catch (e) {
    toast('模拟器没有应答');
    return null;
  }
}

async function refresh() {
  const answer = await fetch('/_sim/state?' + new URLSearchParams(me));
  state = await answer.json();
  me.account = state.account;
  if (!state.people.some((p) => p.name === me.person) && state.people.length) {
    me.person = state.people[0].name;
    return refresh();
  }
  render();
}

/** Redraws a part only when what it shows has changed, so that inputs and scrolling stay. */
function part(name, value, draw) {
  const text = JSON.stringify(value);
  if (seen[name] !== text) {
    seen[name] = text;
    draw();
  }
}

function person() { return state.people.find((p) => p.name === me.person); }
function account() { return state.accounts.find((a) => a.appId === state.account); }

function render() {
  const who = person();
  const shop = account();
  part('bar', [shop, me.person], () => {
    $('title').textContent = shop ? shop.name : '还没有公众号';
    $('me-name').textContent = me.person || '添加用户';
    $('me-avatar').textContent = [...me.person][0] || '+';
    $('me-avatar').style.background = color(me.person);
  });
  const screen = $('screen');
  const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 80;
  part('foot', [me.person, who && who.following, state.menu], () => drawFoot(who));
  part('screen', [me.person, who && who.following, state.chat, shop, dayOf(state.shown)], () => drawScreen(who, shop, atEnd));
  part('people', [state.people, state.accounts, me], () => drawPeople($('people')));
  part('clock', [Math.floor(state.now / 1000)], () => {
    $('clock').textContent = dayOf(state.now) + ' ' + clockOf(state.now) + (state.moved > 0 ? '（快进 ' + span(state.moved) + '）' : '');
  });
  part('faults', state.faults, () => {
    $('faults').replaceChildren(...state.faults.map((f) => el('li', '', chinese(f))));
    $('clear-faults').disabled = state.faults.length === 0;
  });
  part('log', state.log, drawLog);
}
function span(seconds) {
  if (seconds >= 86400) return (seconds / 86400).toFixed(seconds % 86400 ? 1 : 0) + ' 天';
  return seconds >= 3600 ? (seconds / 3600).toFixed(seconds % 3600 ? 1 : 0) + ' 小时' : Math.round(seconds / 60) + ' 分钟';
}

function drawScreen(who, shop, atEnd) {
  const screen = $('screen');
  const children = [];
  if (shop && who && !who.following && state.chat.length === 0) {
    children.push(profile(shop));
  } else {
    let last = 0;
    for (const message of state.chat) {
      if (Math.abs(message.at - last) > 300e3) children.push(el('div', 'when', when(message.at)));
      last = message.at;
      children.push(drawn(message, shop));
    }
    if (who && !who.following) {
      const again = profile(shop);
      again.style.paddingTop = '30px';
      children.push(el('div', 'notice', '你已不再关注该公众号'), again);
    }
  }
  screen.replaceChildren(...children);
  if (atEnd || screen.dataset.person !== me.person) screen.scrollTop = screen.scrollHeight;
  screen.dataset.person = me.person;
}

function profile(shop) {
  const box = el('div', 'profile');
  box.append(avatar(shop.name, true), el('h2', '', shop.name), el('p', '', shop.type.includes('SUBSCRIPTION') ? '公众号（订阅号）' : '服务号'));
  const follow = el('button', 'follow', '关注公众号');
  follow.onclick = () => act('follow');
  const scan = el('button', 'scan', '扫一扫');
  scan.onclick = openScan;
  box.append(follow, scan);
  return box;
}

function drawn(message, shop) {
  if (message.kind === 'ARTICLE') return articles(message);
  if (message.kind === 'NOTICE') return el('div', 'notice', message.text);
  const mine = message.kind === 'SAID';
  const line = el('div', mine ? 'line mine' : 'line');
  line.append(mine ? avatar(me.person) : avatar(shop.name, true));
  if (message.kind === 'TEMPLATE' || message.kind === 'NEWS') {
    line.append(card(message));
  } else {
    const bubble = el('div', 'bubble');
    bubble.append(...linked(message.text));
    line.append(bubble);
  }
  return line;
}

/** Text with its web addresses, and the links that WeChat allows in replies, made tappable. */
function linked(text) {
  const nodes = [];
  const pattern = /<a\s+href=["']([^"']+)["'][^>]*>([^<]*)<\/a>|(https?:\/\/[^\s<>"'，。；）]+)/g;
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    nodes.push(el('span', '', text.slice(from, found.index)));
    const url = safe(found[1] || found[3]);
    const link = el(url ? 'a' : 'span', '', found[2] || found[3]);
    if (url) { link.href = inApp(url); link.target = '_blank'; link.rel = 'noopener'; link.style.cssText = 'color:var(--blue);position:relative'; }
    nodes.push(link);
    from = found.index + found[0].length;
  }
  nodes.push(el('span', '', text.slice(from)));
  return nodes;
}

/** A mass message 图文: one wide card, the first article large, the others as rows below it. */
function articles(message) {
  const box = el('article', 'card articles');
  const first = safe(message.url);
  message.fields.forEach((field, i) => {
    const open = first && !message.deleted;
    const row = el(open ? 'a' : 'div', i ? 'row-article' : 'top-article');
    if (open) {
      row.href = first.replace(/idx=1$/, 'idx=' + (i + 1));
      row.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openArticle(row.href);
      };
    }
    const cover = picture((message.covers || [])[i], i ? 'thumb' : 'cover', field.label);
    if (i === 0) {
      row.append(cover, el('h3', '', field.label));
      if (message.fields.length === 1 && field.value) row.append(el('p', '', field.value));
    } else {
      row.append(el('span', '', field.label), cover);
    }
    box.append(row);
  });
  if (message.deleted) box.append(el('div', 'gone', '该内容已被发布者删除'));
  return box;
}
/** A cover; its first letter where there is no picture. */
function picture(url, className, words) {
  const box = el('div', className, url ? undefined : [...words][0] || '文');
  if (url) {
    const image = el('img');
    image.src = url;
    image.alt = '';
    box.append(image);
  }
  return box;
}
/** An article opens in the phone, as WeChat opens it; nothing in it can run. */
function openArticle(url) {
  const frame = el('iframe');
  frame.src = url;
  frame.title = '文章';
  frame.setAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  const back = el('button', 'reader-back', '‹ 返回');
  back.onclick = closeArticle;
  const bar = el('div', 'reader-bar');
  bar.append(back);
  $('reader').replaceChildren(bar, frame);
  $('reader').hidden = false;
  back.focus();
}
function closeArticle() {
  $('reader').hidden = true;
  $('reader').replaceChildren();
}

function card(message) {
  const box = el('article', 'card');
  const body = el('div', 'card-body');
  body.append(el('h3', '', message.title));
  if (message.kind === 'NEWS') {
    body.append(el('p', '', message.fields.map((f) => f.value).join(' ')));
  } else {
    body.append(el('div', 'date', dayOf(message.at).replace(/^\d+年/, '')));
    const list = el('dl');
    for (const field of message.fields) {
      if (field.label) list.append(el('dt', '', field.label));
      list.append(el('dd', field.label ? '' : 'wide', field.value));
    }
    body.append(list);
  }
  box.append(body);
  const url = safe(message.url);
  if (url || message.miniProgram) {
    const more = el(url && !message.miniProgram ? 'a' : 'button', 'card-more', message.miniProgram ? '进入小程序查看' : message.kind === 'NEWS' ? '阅读全文' : '详情');
    if (message.miniProgram) {
      more.style.width = 'calc(100% - 32px)';
      more.onclick = () => toast('小程序 ' + message.miniProgram);
    } else {
      more.href = inApp(url); more.target = '_blank'; more.rel = 'noopener';
    }
    box.append(more);
  }
  return box;
}

function drawFoot(who) {
  const foot = $('foot');
  foot.replaceChildren();
  foot.hidden = !who || !who.following;
  if (foot.hidden) return;
  if (state.menu && state.menu.length) foot.append(menu(state.menu));
  const form = el('form');
  const input = el('input');
  input.placeholder = '发消息';
  input.setAttribute('aria-label', '发消息');
  input.autocomplete = 'off';
  const send = el('button', '', '发送');
  form.append(input, send);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = '';
    act('say', { text });
  };
  foot.append(form);
}

function menu(buttons) {
  const bar = el('nav', 'menu');
  for (const button of buttons) {
    const cell = el('div');
    const top = el('button', '', (button.sub_button && button.sub_button.length ? '≡ ' : '') + button.name);
    top.onclick = () => {
      const open = cell.querySelector('.sub');
      document.querySelectorAll('.menu .sub').forEach((s) => s.remove());
      if (open) return;
      if (button.sub_button && button.sub_button.length) {
        const sub = el('div', 'sub');
        for (const inner of button.sub_button) {
          const entry = el('button', '', inner.name);
          entry.onclick = () => { sub.remove(); tap(inner); };
          sub.append(entry);
        }
        cell.append(sub);
      } else {
        tap(button);
      }
    };
    cell.append(top);
    bar.append(cell);
  }
  return bar;
}
function tap(button) {
  if (button.type === 'click') act('click', { key: button.key });
  else if (button.type === 'view' || button.type === 'miniprogram') {
    if (button.type === 'miniprogram') toast('小程序 ' + button.appid + ' ' + (button.pagepath || ''));
    else if (safe(button.url || '')) { window.open(inApp(button.url), '_blank', 'noopener'); act('view', { url: button.url }); }
  } else toast('模拟器的手机没有这个功能：' + button.type);
}

function drawPeople(box) {
  const list = el('div', 'people-list');
  for (const p of state.people) list.append(who(p));
  const children = [];
  if (state.accounts.length > 1) {
    const select = el('select');
    select.style.cssText = 'width:100%;margin-bottom:8px;padding:7px;border-radius:8px;border:1px solid #d9dde0;background:#fff';
    for (const a of state.accounts) {
      const option = el('option', '', a.name + '（' + a.appId + '）');
      option.value = a.appId;
      option.selected = a.appId === state.account;
      select.append(option);
    }
    select.onchange = () => { me.account = select.value; me.person = ''; refresh(); };
    children.push(select);
  }
  box.replaceChildren(...children, list);
}
function who(p) {
  const row = el('button', p.name === me.person ? 'who on' : 'who');
  const words = el('div');
  words.append(el('strong', '', p.name), el('p', '', p.last || p.openId));
  row.append(avatar(p.name), words, el('span', !p.following ? 'tag' : p.blocking ? 'tag no' : 'tag yes', !p.following ? '未关注' : p.blocking ? '拒收消息' : '已关注'));
  row.onclick = () => { choose(p.name); };
  return row;
}
function choose(name) {
  me.person = name;
  closeArticle();
  closeSheet();
  closeDesk();
  refresh();
}

function drawLog() {
  const rows = [...state.log].sort((a, b) => b.at - a.at).slice(0, 40).map((entry) => {
    const row = el('li');
    row.append(el('time', '', clockOf(entry.at)), el('span', entry.kind === 'push' ? 'what push' : 'what', entry.what), el('span', entry.good ? 'ok' : 'bad', result(entry)));
    if (entry.note) row.append(el('span', 'note', chinese(entry.note)));
    return row;
  });
  $('log').replaceChildren(...(rows.length ? rows : [el('li', '', '还没有调用')]));
}
const STATUS = { PENDING: '进行中', HELD: '扣住', LOST: '丢失', DELIVERED: '已送达', BAD_ANSWER: '应答无效', FAILED: '失败' };
function result(entry) {
  return entry.kind === 'push' ? entry.result.replace(/^[A-Z_]+/, (s) => STATUS[s] || s) : entry.result;
}

const WORDS = {
  'call any': '任何接口', 'callback any': '任何推送', 'delivery any': '模板消息', 'mass any': '群发', call: '接口', callback: '推送',
  proceed: '变慢', answer: '应答', 'http status': '未受理，HTTP', 'drop unread': '连接重置（未受理）', 'drop unprocessed': '连接重置（未受理）',
  'accept reset': '已受理，连接重置', 'accept hang': '已受理，无应答', 'accept http status': '已受理，HTTP', 'accept garble': '已受理，应答残缺',
  'accept truncate': '已受理，应答中断', lose: '丢失', twice: '重复一次', late: '推迟', hold: '扣住', 'wrong signature': '签名错误',
  'wrong appid': 'appid 不符', 'previous key': '用旧密钥', 'shift timestamp': '时间戳过旧', 'fail delivery': '送达失败', 'fail mass': '未通过审核',
};
/** An ordered fault as the simulator names it, in Chinese; other notes stay as they are. */
function chinese(fault) {
  const found = fault.match(/^(call|callback|delivery|mass) (\S+): ([a-z ]+?)( -?\d+)?( PT\S+)? ×(\S+)$/);
  if (!found) return fault;
  const [, kind, target, act, code, time, left] = found;
  const where = target === 'any' ? WORDS[kind + ' any'] : WORDS[kind] + ' ' + target.replace('/cgi-bin/', '');
  const wait = time ? ' ' + time.trim().slice(2).replace('S', ' 秒').replace('M', ' 分').replace('H', ' 小时') : '';
  return where + '：' + (WORDS[act] || act) + (code || '') + wait + '，还剩 ' + left + ' 次';
}

function sheet(title, ...children) {
  document.querySelectorAll('.menu .sub').forEach((s) => s.remove());
  const body = el('div', 'sheet-body');
  body.append(el('h2', '', title), ...children);
  $('sheet').replaceChildren(body);
  $('sheet').hidden = false;
}
function closeSheet() { $('sheet').hidden = true; }
function item(words, run, danger) {
  const button = el('button', danger ? 'item danger' : 'item', words);
  button.onclick = () => { closeSheet(); run(); };
  return button;
}

function openScan() {
  const form = el('form', 'row');
  const input = el('input');
  input.placeholder = '粘贴二维码内容或图片地址';
  input.required = true;
  form.append(input, el('button', 'go', '扫一扫'));
  form.onsubmit = (event) => { event.preventDefault(); closeSheet(); scan(input.value); };
  const upload = el('label', 'drop', '');
  const file = el('input');
  file.type = 'file';
  file.accept = 'image/*';
  file.onchange = () => { closeSheet(); scanFile(file.files[0]); };
  upload.append(file, el('span', '', '从相册选一张二维码图片'));
  sheet('扫一扫', form, upload);
  input.focus();
}
function scan(code) {
  const text = code.trim();
  // A code of a web page opens that page; WeChat's own codes are the platform's to answer.
  if (safe(text) && !/^https?:\/\/(weixin\.qq\.com\/q\/|[^/]+\/cgi-bin\/showqrcode\?)/i.test(text)) {
    window.open(inApp(text), '_blank', 'noopener');
    return null;
  }
  return act('scan', { code: text });
}
function scanFile(file) { if (file) act('scan-image', {}, file); }

function openMore() {
  const p = person();
  const items = [];
  if (p && p.following) items.push(item('取消关注', () => act('unfollow'), true));
  else if (p) items.push(item('关注', () => act('follow')));
  if (p) items.push(item(p.blocking ? '接收消息' : '拒收模板消息', () => act(p.blocking ? 'unblock' : 'block')));
  if (p) items.push(item(p.snapshots ? '用完整服务打开网页' : '用快照模式打开网页', () => act('snapshots', { on: !p.snapshots })));
  if (innerWidth <= 800) items.push(item('控制台：时间、故障、动态', openDesk));
  const facts = el('p', 'facts', p ? 'openid ' + p.openId : '');
  sheet(p ? p.name : '更多', ...items, facts);
}
function openPeople() {
  const list = el('div');
  for (const p of state.people) list.append(who(p));
  const form = el('form', 'row');
  form.style.marginTop = '10px';
  const input = el('input');
  input.placeholder = '新用户的名字';
  input.maxLength = 20;
  input.required = true;
  form.append(input, el('button', 'go', '添加'));
  form.onsubmit = (event) => { event.preventDefault(); addPerson(input.value); };
  sheet('用哪个人的手机？', list, form);
}
async function addPerson(name) {
  name = name.trim();
  if (!name) return;
  me.person = name;
  await act('person');
  choose(name);
}
function openDesk() {
  const desk = $('desk');
  desk.classList.add('open');
  if (!desk.querySelector('.desk-close')) {
    const close = el('button', 'desk-close', '‹ 返回');
    close.onclick = closeDesk;
    desk.append(close);
  }
}
function closeDesk() { $('desk').classList.remove('open'); }

function targets() {
  const kind = $('fault-form').kind.value;
  const push = kind.startsWith('push-');
  const options = kind === 'undeliverable' || kind === 'mass-fails' ? [] : push ? PUSHES : CALLS;
  const select = $('fault-form').target;
  select.replaceChildren(...['', ...options].map((value) => {
    const option = el('option', '', value ? value.replace('/cgi-bin/', '') : kind === 'undeliverable' || kind === 'mass-fails' ? '下一条' : push ? '任何推送' : '任何接口');
    option.value = value;
    return option;
  }));
}

$('open-people').onclick = openPeople;
$('open-scan').onclick = openScan;
$('open-more').onclick = openMore;
$('sheet').onclick = (event) => { if (event.target === $('sheet')) closeSheet(); };
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') { closeSheet(); closeArticle(); } });
$('new-person').onsubmit = (event) => { event.preventDefault(); addPerson(event.target.name.value); event.target.reset(); };
$('scan-form').onsubmit = (event) => { event.preventDefault(); scan(event.target.code.value); event.target.reset(); };
$('scan-file').onchange = (event) => { scanFile(event.target.files[0]); event.target.value = ''; };
for (const type of ['dragover', 'dragleave', 'drop']) {
  $('drop').addEventListener(type, (event) => {
    event.preventDefault();
    $('drop').classList.toggle('over', type === 'dragover');
    if (type === 'drop') scanFile(event.dataTransfer.files[0]);
  });
}
document.addEventListener('paste', (event) => {
  const file = [...event.clipboardData.files].find((f) => f.type.startsWith('image/'));
  if (file) { event.preventDefault(); closeSheet(); scanFile(file); }
});
$('jumps').onclick = (event) => { if (event.target.dataset.s) act('advance', { seconds: Number(event.target.dataset.s) }); };
$('fault-form').kind.onchange = targets;
$('fault-form').onsubmit = (event) => {
  event.preventDefault();
  const [kind, code] = event.target.kind.value.split('|');
  act('fault', { kind, code: code === undefined ? undefined : Number(code), target: event.target.target.value, times: Number(event.target.times.value) });
};
$('clear-faults').onclick = () => act('faults/clear');
$('release').onclick = () => act('faults/release');
targets();

async function loop() {
  try { await refresh(); } catch (e) { $('title').textContent = '模拟器已停止'; }
  setTimeout(loop, 1000);
}
(async () => {
  try {
    const wanted = query.get('person');
    await refresh();
    if (wanted && me.person !== wanted) await addPerson(wanted);
    if (query.get('scan')) {
      const code = query.get('scan');
      history.replaceState(null, '', location.pathname);
      await scan(code);
    }
  } catch (e) { toast('模拟器没有应答'); }
  loop();
})();
