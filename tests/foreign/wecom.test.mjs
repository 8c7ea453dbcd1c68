// node-easywechat, a client that nobody here wrote, against WeCom in the sandbox program.
//
// TIDINGS_SANDBOX is the program. With --json it prints one line, with {wecom: {url, corp_id, secret, agent_id}} in it,
// and serves until it is told to end.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

import easywechat from 'node-easywechat';

const program = process.env.TIDINGS_SANDBOX;
assert.ok(program, 'TIDINGS_SANDBOX must name the sandbox program');

let sandbox;
let world;

before(async () => {
    sandbox = spawn(program, ['--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await Promise.race([
        once(createInterface({ input: sandbox.stdout }), 'line'),
        once(sandbox, 'exit').then(([status]) => assert.fail(`the sandbox ended at once, with ${status}`)),
    ]);
    world = JSON.parse(line);
});

after(async () => {
    if (sandbox.exitCode !== null)
        return;
    const ended = once(sandbox, 'exit');
    sandbox.kill('SIGTERM');
    await ended;
});

/** An application of the client with a token cache of its own: the default one is a file. */
function application(secret = world.wecom.secret, corp_id = world.wecom.corp_id) {
    const kept = new Map();
    const app = new easywechat.Work({ corp_id, secret, token: '', aes_key: '', http: { baseURL: world.wecom.url } });
    return app.setCache({
        async get(key) { return kept.get(key); },
        async has(key) { return kept.has(key); },
        async set(key, value) { kept.set(key, value); return true; },
        async delete(key) { return kept.delete(key); },
    });
}

async function ledger() {
    const answer = await fetch(`${world.url}/_sandbox/ledger`);
    assert.equal(answer.status, 200);
    return (await answer.json()).messages.filter((row) => row.provider === 'wecom');
}

describe('wecom', () => {
    let client;

    before(() => { client = application().getClient(); });

    const post = async (path, json, who = client) => (await who.post(path, { json })).toObject();
    const text = (touser, content, more = {}) =>
        ({ touser, msgtype: 'text', agentid: world.wecom.agent_id, text: { content }, ...more });
    const send = (message, who) => post('cgi-bin/message/send', message, who);

    test('a token is handed out again while it is valid', async () => {
        const first = await application().getAccessToken().getToken();
        assert.ok(first.length > 0 && first.length <= 512);
        assert.equal(await application().getAccessToken().getToken(), first);
    });

    test('a text arrives as it was sent', async () => {
        const answer = await (await client.post('cgi-bin/message/send', { json: text('ada', 'Build is "green" \u{1f7e2}\n') }));
        assert.equal(answer.getStatusCode(), 200);
        assert.equal(answer.getHeader('error-code'), '0');
        const sent = answer.toObject();
        assert.equal(sent.errcode, 0);
        assert.equal(sent.errmsg, 'ok');
        const rows = (await ledger()).filter((row) => row.message_id === sent.msgid);
        assert.deepEqual(rows.map((row) => row.to), ['ada']);
        assert.equal(rows[0].msg_type, 'text');
        assert.deepEqual(JSON.parse(rows[0].content), { content: 'Build is "green" \u{1f7e2}\n' });
    });

    test('a partly invalid list is a success that names who got nothing', async () => {
        const sent = await send(text('ADA|Otto|nobody|boris|', 'who?'));
        assert.equal(sent.errcode, 0);
        assert.equal(sent.invaliduser, 'otto|nobody');
        assert.equal(sent.unlicenseduser, 'boris');
        const rows = (await ledger()).filter((row) => row.message_id === sent.msgid);
        assert.deepEqual(rows.map((row) => row.to), ['ada']);
    });

    test('departments and tags are receivers, and unknown ones are named', async () => {
        const sent = await send(text('', 'all of you', { toparty: '2|77', totag: '1|78' }));
        assert.equal(sent.errcode, 0);
        assert.deepEqual([sent.invalidparty, sent.invalidtag], ['77', '78']);
        const rows = (await ledger()).filter((row) => row.message_id === sent.msgid);
        assert.deepEqual(rows.map((row) => row.to), ['ada', 'chen', 'bob']);
    });

    test('a group chat of the app is created, read and written to', async () => {
        const made = await post('cgi-bin/appchat/create', { name: 'release', owner: 'bob', userlist: ['ada', 'bob'], chatid: 'foreign1' });
        assert.deepEqual(made, { errcode: 0, errmsg: 'ok', chatid: 'foreign1' });
        const read = (await client.get('cgi-bin/appchat/get', { params: { chatid: 'foreign1' } })).toObject();
        assert.deepEqual(read.chat_info, { chatid: 'foreign1', name: 'release', owner: 'bob', userlist: ['ada', 'bob'] });
        const sent = await post('cgi-bin/appchat/send', { chatid: 'foreign1', msgtype: 'text', text: { content: 'hi' }, safe: 0 });
        assert.equal(sent.errcode, 0);
        const row = (await ledger()).at(-1);
        assert.deepEqual([row.to, row.receive_id_type, row.reached], ['foreign1', 'chatid', ['ada', 'bob']]);
        assert.equal((await post('cgi-bin/appchat/send', { chatid: 'nochat', msgtype: 'text', text: { content: 'hi' } })).errcode, 86001);
    });

    test('nothing but invalid receivers is an error', async () => {
        const said = await send(text('otto', 'who?'));
        assert.equal(said.errcode, 81013);
        assert.match(said.errmsg, /^user & party & tag all invalid, hint: \[.+\], from ip: .+, more info at https:\/\/.+e=81013$/);
        assert.equal(said.invaliduser, 'otto');
    });

    test('people are found by phone number, email and userid', async () => {
        const by_mobile = await post('cgi-bin/user/getuserid', { mobile: '13011111111' });
        assert.equal(by_mobile.userid, 'bob');
        const by_email = await post('cgi-bin/user/get_userid_by_email', { email: 'ada@example.com', email_type: 2 });
        assert.equal(by_email.userid, 'ada');
        const member = (await client.get('cgi-bin/user/get', { params: { userid: 'chen' } })).toObject();
        assert.equal(member.errcode, 0);
        assert.equal(member.status, 1);
        assert.equal((await post('cgi-bin/user/getuserid', { mobile: '13099999999' })).errcode, 46004);
    });

    test('an upload is sent as a file, and recalled', async () => {
        const formData = new easywechat.FormData();
        formData.append('media', Buffer.from('a report'), { filename: 'report.txt' });
        const kept = (await client.post('cgi-bin/media/upload', { params: { type: 'file' }, formData })).toObject();
        assert.equal(kept.errcode, 0);
        assert.match(kept.created_at, /^\d{10}$/);
        const sent = await send({ touser: 'ada', msgtype: 'file', agentid: world.wecom.agent_id, file: { media_id: kept.media_id } });
        assert.equal(sent.errcode, 0);
        assert.deepEqual(await post('cgi-bin/message/recall', { msgid: sent.msgid }), { errcode: 0, errmsg: 'ok' });
        assert.equal((await ledger()).find((row) => row.message_id === sent.msgid).recalled, true);
    });

    test('the same message twice is delivered once when the check is asked for', async () => {
        const once_only = text('ada', 'once', { enable_duplicate_check: 1, duplicate_check_interval: 600 });
        assert.equal((await send(once_only)).errcode, 0);
        assert.equal((await send(once_only)).errcode, 0);
        const rows = (await ledger()).filter((row) => JSON.parse(row.content).content === 'once');
        assert.equal(rows.length, 1);
    });

    test('a wrong secret, a wrong corp and a stopped app yield no token', async () => {
        const { corp_id, secret } = world.wecom;
        for (const [app, said] of [
            [application('wrong'), /40001.*invalid credential/],
            [application(secret, 'ww0000000000000000'), /40013.*invalid corpid/],
            [application('wecom-secret-0e03', corp_id), /40001.*invalid credential/],
        ])
            await assert.rejects(send(text('ada', 'x'), app.getClient()), said);
    });

    test('a token that was revoked is refused from then on, and the client can fetch another', async () => {
        const app = application();
        assert.equal((await send(text('ada', 'x'), app.getClient())).errcode, 0);
        const revoked = await fetch(`${world.url}/_sandbox/revoke`, {
            method: 'POST',
            body: JSON.stringify({ app_id: `${world.wecom.corp_id}:${world.wecom.agent_id}` }),
        });
        assert.equal(revoked.status, 200);
        assert.deepEqual(await send(text('ada', 'x'), app.getClient()), { errcode: 40014, errmsg: 'invalid access_token' });
        await app.getAccessToken().refresh();
        assert.equal((await send(text('ada', 'x'), app.getClient())).errcode, 0);
        client = application().getClient();
    });

    test('an app that does not trust this machine is told its address', async () => {
        const said = await send(text('ada', 'x'), application('wecom-secret-0e04').getClient());
        assert.equal(said.errcode, 60020);
        assert.match(said.errmsg, /^not allow to access from your ip, hint: \[.+\], from ip: 127\.0\.0\.1, /);
    });

    test('the agent id of another app is refused; digits in quotes are one, other text is none', async () => {
        assert.equal((await send(text('ada', 'x', { agentid: 1000003 }))).errcode, 301002);
        assert.equal((await send(text('ada', 'x', { agentid: `${world.wecom.agent_id}` }))).errcode, 0);
        assert.equal((await send(text('ada', 'x', { agentid: 'x' }))).errcode, 40056);
    });

    test('a robot of a group speaks without a token', async () => {
        const key = '0a1b2c3d-0000-4000-8000-000000000101';
        const http = application().getHttpClient();
        const said = await http.request('post', 'cgi-bin/webhook/send', { params: { key }, json: { msgtype: 'markdown', markdown: { content: '**x**' } } });
        assert.deepEqual(said.toObject(), { errcode: 0, errmsg: 'ok' });
        assert.equal((await ledger()).at(-1).receive_id, key);
        const lost = await http.request('post', 'cgi-bin/webhook/send', { params: { key: 'x' }, json: { msgtype: 'text', text: { content: 'x' } } });
        assert.equal(lost.toObject().errcode, 93000);
    });
});
