// SPDX-License-Identifier: Apache-2.0
//
// usage: node editors.js MODULES BULKHEAD 'SCHEMA CODES' 'READER CODES' 'CODES THAT DOCS NAME'
//
// What ajv and yaml-language-server make of schema/*.schema.json, beside what the checker makes of the
// same files. Of a fault whose code is one of the schema's checker all must refuse the file, but for what the list
// `beyond` names; of any other fault editors must know nothing. What is no YAML to the checker's
// reader is not compared.
'use strict';
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const [modules, bulkhead, schemaCodes, readerCodes, saidCodes] = process.argv.slice(2);
const top = path.resolve(__dirname, '../../..');
const need = (name) => require(path.resolve(modules, name));
const Ajv = need('ajv');
const YAML = need('yaml');
const Server = require('./server.js');

let count = 0;
let failed = 0;
function report(good, name, lines) {
	count++;
	failed += good ? 0 : 1;
	console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name}`);
	for (const line of good ? [] : lines || []) {
		console.log(`# ${line}`);
	}
}

function find(dir) {
	return fs.readdirSync(path.join(top, dir), { withFileTypes: true }).flatMap((e) => {
		const name = `${dir}/${e.name}`;
		return e.isDirectory() ? find(name) : e.isFile() && name.endsWith('.yaml') ? [name] : [];
	}).sort();
}

// The checker's errors in the file itself; what it includes is judged for itself.
function checked(file) {
	const r = spawnSync(bulkhead, ['check', '--format=json', file], { cwd: top });
	return JSON.parse(String(r.stdout) || String(r.stderr)).filter((m) => m.severity === 'error' && m.file === file);
}

// Which schema an editor would take, by the file's keys, as the checker does.
function kind(text) {
	return /^(domains|hypervisor|doorbells|shared-memory):/m.test(text) ? 'system' : 'board';
}

function compile(name) {
	// Types and requirements that are said beside each other are not said again in each part.
	const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false, strictTuples: true });
	ajv.addKeyword('enumDescriptions'); // for editors
	return ajv.compile(JSON.parse(fs.readFileSync(path.join(top, `schema/${name}.schema.json`), 'utf8')));
}

function ajvComplaints(validate, text) {
	const documents = YAML.parseAllDocuments(text, { version: '1.2', logLevel: 'silent' });
	const errors = documents.flatMap((d) => d.errors.map((e) => e.message));
	if (errors.length > 0 || documents.length !== 1) {
		return errors.concat('no document');
	}
	return validate(documents[0].toJS()) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
}

// What is wanted of editors: 'refuse', 'take', or nothing.
function wanted(file, errors, beyond) {
	const has = (codes) => errors.some((e) => codes.split(' ').includes(e.code));
	if (beyond.has(file)) {
		return 'take';
	}
	if (has(schemaCodes)) {
		return 'refuse';
	}
	return has(readerCodes) ? undefined : 'take';
}

function compare(who, verdicts, wants, errors) {
	const wrong = [];
	for (const [file, want] of wants) {
		const complaints = verdicts.get(file);
		if ((want === 'refuse') !== (complaints.length > 0)) {
			wrong.push(`${file}: ${who} should ${want} it: ${complaints.slice(0, 3).join('; ')}`,
				...errors.get(file).map((e) => `    ${e.line}: ${e.code} ${e.message}`));
		}
	}
	report(wrong.length === 0, `${who} takes and refuses what the checker does`, wrong);
}

// Where there is one fault, the person who types sees it at the line where the checker does.
function compareLines(diagnostics, wants, errors) {
	const wrong = [];
	for (const [file, want] of wants) {
		const lines = new Set(diagnostics.get(file).map((d) => d.range.start.line + 1));
		const [first, ...others] = errors.get(file);
		if (want === 'refuse' && others.length === 0 && first.line > 0 && !lines.has(first.line)) {
			wrong.push(`${file}:${first.line}: ${first.code} ${first.message}; shown at ${[...lines]}`);
		}
	}
	report(wrong.length === 0, 'yaml-language-server shows a fault at the line where the checker does', wrong);
}

async function main() {
	const files = [...find('boards'), ...find('tests/system'), ...find('tests/golden')];
	const texts = new Map(files.map((f) => [f, fs.readFileSync(path.join(top, f), 'utf8')]));
	const beyond = new Set(fs.readFileSync(path.join(__dirname, 'beyond'), 'utf8').split('\n')
		.filter((l) => l !== '' && !l.startsWith('#')).map((l) => `tests/golden/cases/${l.split(/\s/)[0]}`));
	const errors = new Map(files.map((f) => [f, checked(f)]));
	const wants = new Map(files.map((f) => [f, wanted(f, errors.get(f), beyond)]).filter(([, want]) => want !== undefined));
	const asked = [...wants.keys()];
	const refused = [...wants.values()].filter((w) => w === 'refuse').length;
	report(refused >= 60 && [...beyond].every((f) => texts.has(f)),
		`${files.length} files, ${asked.length} compared, ${refused} with a fault that a schema can know`);

	report(saidCodes === schemaCodes, `docs/checks.md names the schema's codes: ${schemaCodes}`, [saidCodes]);

	const validate = { board: compile('board'), system: compile('system') };
	compare('ajv', new Map(asked.map((f) => [f, ajvComplaints(validate[kind(texts.get(f))], texts.get(f))])),
		wants, errors);

	const server = await Server.start(need, modules);
	await server.schemas({
		board: asked.filter((f) => kind(texts.get(f)) === 'board').map((f) => path.join(top, f)),
		system: asked.filter((f) => kind(texts.get(f)) === 'system').map((f) => path.join(top, f)),
	}, path.join(top, 'schema'));
	const shown = new Map();
	await Promise.all(asked.map(async (f) => shown.set(f, await server.diagnostics(path.join(top, f), texts.get(f)))));
	compare('yaml-language-server', new Map([...shown].map(([f, d]) => [f, d.map((x) => x.message)])), wants, errors);
	compareLines(shown, wants, errors);
	await require('./person.js')(server, top, report);
	await server.stop();
	console.log(`1..${count}`);
	process.exit(failed === 0 ? 0 : 1);
}

main().catch((e) => {
	console.log(`not ok ${count + 1} - ${e.stack}`.replace(/\n/g, '\n# '));
	process.exit(1);
});
