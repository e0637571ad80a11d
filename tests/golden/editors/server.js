// SPDX-License-Identifier: Apache-2.0
//
// yaml-language-server as an editor runs it: a process of its own, over a pipe.
'use strict';
const { spawn } = require('child_process');
const path = require('path');
const { pathToFileURL } = require('url');

const TIMEOUT_MS = 120000; // no answer in so long: it hangs

function within(promise, what) {
	let timer;
	const late = new Promise((_, refuse) => {
		timer = setTimeout(() => refuse(new Error(`no answer from yaml-language-server: ${what}`)), TIMEOUT_MS);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

exports.start = async (need, modules) => {
	const rpc = need('vscode-jsonrpc/node');
	const child = spawn(process.execPath, [path.resolve(modules, 'yaml-language-server/bin/yaml-language-server'),
		'--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
	const peer = rpc.createMessageConnection(new rpc.StreamMessageReader(child.stdout),
		new rpc.StreamMessageWriter(child.stdin));
	const waiting = new Map(); // by URI
	let settings = {};

	peer.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
		const tell = waiting.get(uri);
		waiting.delete(uri);
		if (tell !== undefined) {
			tell(diagnostics);
		}
	});
	peer.onRequest('workspace/configuration', ({ items }) => items.map((i) => settings[i.section] || {}));
	peer.onRequest('client/registerCapability', () => null);
	peer.listen();
	const ask = (method, params) => within(peer.sendRequest(method, params), method);
	await ask('initialize', {
		processId: process.pid,
		rootUri: null,
		capabilities: {
			workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
			textDocument: {
				hover: { contentFormat: ['markdown'] },
				completion: { completionItem: { documentationFormat: ['markdown'] } },
			},
		},
	});
	await peer.sendNotification('initialized', {});

	const at = (file, line, character) => ({ textDocument: { uri: String(pathToFileURL(file)) },
		position: { line, character } });
	return {
		// {board: files, system: files}: which schema of `dir` is for which; a file's own first line goes before.
		schemas: async (files, dir) => {
			const schemas = {};
			for (const name of Object.keys(files)) {
				schemas[String(pathToFileURL(path.join(dir, `${name}.schema.json`)))] = files[name];
			}
			settings = { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false },
				schemas } };
			await peer.sendNotification('workspace/didChangeConfiguration', { settings });
		},
		// What it shows while the file is open.
		diagnostics: (file, text) => {
			const uri = String(pathToFileURL(file));
			const shown = new Promise((tell) => waiting.set(uri, tell));
			peer.sendNotification('textDocument/didOpen',
				{ textDocument: { uri, languageId: 'yaml', version: 1, text } });
			return within(shown, file);
		},
		hover: (file, line, column) => ask('textDocument/hover', at(file, line, column)),
		completion: (file, line, column) => ask('textDocument/completion', at(file, line, column)),
		stop: async () => {
			await ask('shutdown');
			await peer.sendNotification('exit');
			peer.dispose();
		},
	};
};
