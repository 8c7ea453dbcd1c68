// The official Node SDK of Lark and Feishu against the sandbox program, both brands.
//
// TIDINGS_SANDBOX is the program. With --json it prints one line: {url, lark: {url, app_id, app_secret}, feishu: {...},
// people: [{login_name, phone_number, email}]}, and serves until it is told to end.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

import * as sdk from '@larksuiteoapi/node-sdk';

const program = process.env.TIDINGS_SANDBOX;
assert.ok(program, 'TIDINGS_SANDBOX must name the sandbox program');

const silence = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

/** A client with a token cache of its own: the SDK's default one is shared by all clients of a process. */
function client({ url, app_id, app_secret }, more = {}) {
    const kept = new Map();
    const cache = {
        async get(key) { return kept.get(key); },
        async set(key, value) { kept.set(key, value); return true; },
    };
    return new sdk.Client({ appId: app_id, appSecret: app_secret, domain: url, cache, logger: silence, ...more });
}

/** What the SDK throws when the platform answers with an HTTP error: the status and the platform's body. */
async function refusal(promise) {
    const error = await promise.then(
        (answer) => assert.fail(`was accepted: ${JSON.stringify(answer)}`),
        (thrown) => thrown,
    );
    assert.ok(error.response, `not an answer of the platform: ${error.stack}`);
    return { status: error.response.status, headers: error.response.headers, ...error.response.data };
}

/** On each brand one app more: nobody granted it anything. */
const powerless = { lark: 'cli_f1b2c3d4e5f60001', feishu: 'cli_f1b2c3d4e5f60002' };

function world_with_powerless_apps() {
    const plan = JSON.parse(execFileSync(program, ['--print-world'], { encoding: 'utf8' }));
    for (const [platform, app_id] of Object.entries(powerless)) {
        const good = plan.apps.find((app) => app.platform === platform);
        plan.apps.push({ ...good, app_id, app_secret: 'powerless', scopes: [], bot_open_id: '', fixed_token: '' });
    }
    return JSON.stringify(plan);
}

let sandbox;
let world;
const folder = mkdtempSync(join(tmpdir(), 'tidings-'));

before(async () => {
    const file = join(folder, 'world.json');
    writeFileSync(file, world_with_powerless_apps());
    sandbox = spawn(program, ['--json', '--world', file], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await Promise.race([
        once(createInterface({ input: sandbox.stdout }), 'line'),
        once(sandbox, 'exit').then(([status]) => assert.fail(`the sandbox ended at once, with ${status}`)),
    ]);
    world = JSON.parse(line);
});

after(async () => {
    rmSync(folder, { recursive: true });
    if (sandbox.exitCode !== null)
        return;
    const ended = once(sandbox, 'exit');
    sandbox.kill('SIGTERM');
    await ended;
});

async function ledger() {
    const answer = await fetch(`${world.url}/_sandbox/ledger`);
    assert.equal(answer.status, 200);
    return (await answer.json()).messages;
}

const text = (words) => JSON.stringify({ text: words });

for (const brand of ['lark', 'feishu']) {
    describe(brand, () => {
        let app;
        let notify;
        let ada;

        before(() => {
            app = world[brand];
            notify = client(app);
            ada = world.people.find((person) => person.login_name === 'ada');
        });

        const look_up = (data, who = notify) =>
            who.contact.user.batchGetId({ params: { user_id_type: 'open_id' }, data });
        const send = (receive_id_type, receive_id, msg_type, content, more = {}) =>
            notify.im.message.create({ params: { receive_id_type }, data: { receive_id, msg_type, content, ...more } });
        const open_id = async () => (await look_up({ emails: [ada.email] })).data.user_list[0].user_id;

        test('a tenant token lasts two hours at most and is handed out again', async () => {
            const fetch_token = () =>
                notify.auth.tenantAccessToken.internal({ data: { app_id: app.app_id, app_secret: app.app_secret } });
            const first = await fetch_token();
            assert.equal(first.code, 0);
            assert.match(first.tenant_access_token, /^t-/);
            assert.ok(first.expire > 1800 && first.expire <= 7200);
            assert.equal((await fetch_token()).tenant_access_token, first.tenant_access_token);
        });

        test('people are found by email', async () => {
            const answer = await look_up({ emails: [ada.email] });
            assert.equal(answer.code, 0);
            assert.equal(answer.data.user_list.length, 1);
            assert.equal(answer.data.user_list[0].email, ada.email);
            assert.match(answer.data.user_list[0].user_id, /^ou_/);
        });

        test('people are found by phone number', async () => {
            const answer = await look_up({ mobiles: [ada.phone_number] });
            assert.equal(answer.code, 0);
            assert.equal(answer.data.user_list[0].mobile, ada.phone_number);
            assert.equal(answer.data.user_list[0].user_id, await open_id());
        });

        test('mainland numbers are looked up bare', async () => {
            const bob = world.people.find((person) => person.login_name === 'bob');
            const bare = bob.phone_number.replace(/^\+86/, '');
            assert.notEqual(bare, bob.phone_number);
            const answer = await look_up({ mobiles: [bare] });
            assert.equal(answer.data.user_list[0].mobile, bare);
            assert.match(answer.data.user_list[0].user_id, /^ou_/);
        });

        test('an unknown person keeps the place in the answer and has no id', async () => {
            const answer = await look_up({ emails: ['nobody@example.com', ada.email], mobiles: ['+6590000000'] });
            assert.equal(answer.code, 0);
            const by = (key, value) => answer.data.user_list.find((entry) => entry[key] === value);
            assert.ok(by('email', 'nobody@example.com'));
            assert.ok(!by('email', 'nobody@example.com').user_id);
            assert.ok(by('mobile', '+6590000000'));
            assert.ok(!by('mobile', '+6590000000').user_id);
            assert.match(by('email', ada.email).user_id, /^ou_/);
        });

        test('text, rich text and a card arrive as they were sent', async () => {
            const kinds = {
                text: text(`Build is green, "${brand}" \u{1f7e2} <b>\\n</b>`),
                post: JSON.stringify({
                    en_us: {
                        title: 'Deploy',
                        content: [[{ tag: 'text', text: 'Build ', style: ['bold'] }, { tag: 'a', text: '#42', href: 'https://ci.example/42' }]],
                    },
                }),
                interactive: JSON.stringify({
                    config: { wide_screen_mode: true },
                    header: { title: { tag: 'plain_text', content: 'Alert' }, template: 'red' },
                    elements: [{ tag: 'markdown', content: '**disk** 91%' }],
                }),
            };
            const to = await open_id();
            for (const [msg_type, content] of Object.entries(kinds)) {
                const sent = await send('open_id', to, msg_type, content);
                assert.equal(sent.code, 0);
                assert.match(sent.data.message_id, /^om_/);
                assert.equal(sent.data.msg_type, msg_type);
                assert.match(sent.data.chat_id, /^oc_/);
                assert.match(sent.data.create_time, /^\d{13}$/);
                assert.deepEqual(
                    { id: sent.data.sender.id, id_type: sent.data.sender.id_type, sender_type: sent.data.sender.sender_type },
                    { id: app.app_id, id_type: 'app_id', sender_type: 'app' },
                );

                const row = (await ledger()).find((entry) => entry.message_id === sent.data.message_id);
                assert.ok(row, 'the message is in the ledger');
                assert.equal(row.provider, brand);
                assert.equal(row.to, 'ada');
                assert.equal(row.msg_type, msg_type);
                assert.deepEqual(JSON.parse(row.content), JSON.parse(content));
            }
        });

        test('email and user_id are addresses too', async () => {
            for (const [type, id] of [['email', ada.email], ['user_id', ada.login_name]]) {
                const sent = await send(type, id, 'text', text(`by ${type}`));
                assert.equal(sent.code, 0);
                const row = (await ledger()).find((entry) => entry.message_id === sent.data.message_id);
                assert.equal(row.to, 'ada');
            }
        });

        test('the same uuid is one message', async () => {
            const to = await open_id();
            const uuid = `foreign-${brand}-1`;
            const first = await send('open_id', to, 'text', text('once'), { uuid });
            const again = await send('open_id', to, 'text', text('once'), { uuid });
            assert.equal(again.data.message_id, first.data.message_id);
            assert.equal((await ledger()).filter((entry) => entry.uuid === uuid).length, 1);
        });

        test('a message can be answered, and recalled', async () => {
            const first = await send('email', ada.email, 'text', text('the build is red'));
            const reply = await notify.im.message.reply({
                path: { message_id: first.data.message_id },
                data: { msg_type: 'text', content: text('and green again') },
            });
            assert.equal(reply.code, 0);
            assert.equal(reply.data.parent_id, first.data.message_id);

            const gone = await notify.im.message.delete({ path: { message_id: first.data.message_id } });
            assert.equal(gone.code, 0);
            const row = (await ledger()).find((entry) => entry.message_id === first.data.message_id);
            assert.equal(row.recalled, true);
        });

        test('a token that was revoked is refused from then on', async () => {
            const holder = client(app);
            assert.equal((await look_up({ emails: [ada.email] }, holder)).code, 0);
            const revoked = await fetch(`${world.url}/_sandbox/revoke`, {
                method: 'POST',
                body: JSON.stringify({ app_id: app.app_id }),
            });
            assert.equal(revoked.status, 200);
            const said = await refusal(look_up({ emails: [ada.email] }, holder)); // the SDK asks once, with what it has
            assert.equal(said.code, 99991663);
            notify = client(app);
            assert.equal((await look_up({ emails: [ada.email] })).code, 0);
        });

        test('a wrong secret yields no token', async () => {
            const wrong = client({ ...app, app_secret: 'wrong' });
            await assert.rejects(look_up({ emails: [ada.email] }, wrong), /10014.*app secret invalid/);
        });

        test('an unknown app yields no token', async () => {
            const unknown = client({ ...app, app_id: 'cli_0000000000000000' });
            await assert.rejects(look_up({ emails: [ada.email] }, unknown), /10014.*app id not exists/);
        });

        test('the app of the other brand is unknown here', async () => {
            const other = world[brand === 'lark' ? 'feishu' : 'lark'];
            const lost = client({ ...other, url: app.url });
            await assert.rejects(look_up({ emails: [ada.email] }, lost), /10014.*app id not exists/);
        });

        test('a token that nobody issued is refused, with a log id', async () => {
            const forger = client(app, { disableTokenCache: true }); // else the SDK fetches a token all the same
            const said = await refusal(
                forger.im.message.create(
                    { params: { receive_id_type: 'email' }, data: { receive_id: ada.email, msg_type: 'text', content: text('x') } },
                    sdk.withTenantToken('t-0000000000000000000000000000000000000000'),
                ),
            );
            assert.equal(said.status, 400);
            assert.equal(said.code, 99991663);
            assert.ok(said.error.log_id);
            assert.equal(said.headers['x-tt-logid'], said.error.log_id);
        });

        test('an app without scopes is told which one it lacks, and where to get it', async () => {
            const app_id = powerless[brand];
            const weak = client({ url: app.url, app_id, app_secret: 'powerless' });

            const lookup = await refusal(look_up({ emails: [ada.email] }, weak));
            assert.equal(lookup.status, 400);
            assert.equal(lookup.code, 99991672);
            assert.match(lookup.msg, /contact:user\.id:readonly/);
            assert.equal(lookup.msg.includes('应用尚未开通'), brand === 'feishu');
            assert.deepEqual(lookup.error.permission_violations.map((one) => one.subject), ['contact:user.id:readonly']);
            const console_host = brand === 'lark' ? 'open.larksuite.com' : 'open.feishu.cn';
            assert.ok(lookup.error.helps[0].url.startsWith(`https://${console_host}/app/${app_id}/auth?q=`));

            const post = await refusal(
                weak.im.message.create({
                    params: { receive_id_type: 'email' },
                    data: { receive_id: ada.email, msg_type: 'text', content: text('x') },
                }),
            );
            assert.equal(post.code, 99991672);
            assert.match(post.msg, /im:message/);
        });

        test('a person outside the availability range is refused', async () => {
            const said = await refusal(send('user_id', 'otto', 'text', text('x')));
            assert.equal(said.status, 400);
            assert.equal(said.code, 230013);
        });

        test('a receiver who does not exist is refused, and nothing is delivered', async () => {
            const before_it = (await ledger()).length;
            const by_id = await refusal(send('open_id', 'ou_00000000000000000000000000000000', 'text', text('x')));
            assert.equal(by_id.status, 400);
            assert.ok([230001, 99992351].includes(by_id.code), JSON.stringify(by_id));
            const by_email = await refusal(send('email', 'nobody@example.com', 'text', text('x')));
            assert.equal(by_email.status, 400);
            assert.equal(by_email.code, 230001);
            assert.match(by_email.msg, /invalid receive_id/);
            assert.equal((await ledger()).length, before_it);
        });

        test('a person is reached by open id and union id, a group by chat id', async () => {
            const ada_id = await open_id();
            const described = await notify.contact.user.get({
                path: { user_id: ada_id }, params: { user_id_type: 'open_id' },
            });
            const { union_id } = described.data.user;
            assert.match(union_id, /^on_/);
            for (const [type, id] of [['open_id', ada_id], ['union_id', union_id]]) {
                const sent = await send(type, id, 'text', text(type));
                const row = (await ledger()).find((one) => one.message_id === sent.data.message_id);
                assert.deepEqual([row.to, row.receive_id_type, row.receive_id], ['ada', type, id]);
                assert.deepEqual(row.reached, ['ada']);
            }
            const group = 'oc_5ad11d72b830411d72b836c20';
            const sent = await send('chat_id', group, 'text', text('all of you'));
            assert.equal(sent.data.chat_id, group);
            const row = (await ledger()).find((one) => one.message_id === sent.data.message_id);
            assert.deepEqual([row.to, row.reached], [group, ['ada', 'bob', 'chen']]);

            const outside = await refusal(send('chat_id', 'oc_5ad11d72b830411d72b836c21', 'text', text('x')));
            assert.equal(outside.code, 230002);
        });

        test('a batch goes to open ids', async () => {
            const sent = await notify.request({
                method: 'POST',
                url: '/open-apis/message/v4/batch_send/',
                data: { open_ids: [await open_id(), 'ou_0'], msg_type: 'text', content: { text: 'batch' } },
            });
            assert.equal(sent.code, 0);
            assert.deepEqual(sent.data.invalid_open_ids, ['ou_0']);
            const rows = (await ledger()).filter((one) => one.message_id === sent.data.message_id);
            assert.deepEqual(rows.map((one) => one.to), ['ada']);
        });

        test('content that is no JSON is refused', async () => {
            const said = await refusal(send('email', ada.email, 'text', 'not JSON'));
            assert.equal(said.status, 400);
            assert.equal(said.code, 230001);
        });
    });
}
