// SPDX-License-Identifier: Apache-2.0
//
// What a person who edits a board finds in the editor: help under the pointer, and what may come next.
'use strict';
const fs = require('fs');
const path = require('path');

module.exports = async (server, top, report) => {
	// Help text of the first place where `pattern` is; markdown's escapes aside.
	async function hover(file, pattern, words) {
		const lines = fs.readFileSync(path.join(top, file), 'utf8').split('\n');
		const line = lines.findIndex((l) => l.search(pattern) >= 0);
		const found = await server.hover(path.join(top, file), line, lines[line].search(pattern) + 1);
		const text = found ? found.contents.value.replace(/\\(.)/g, '$1') : '';
		report(words.every((w) => text.includes(w)), `${file}: help of ${pattern.source}`, text.split('\n'));
	}
	await hover('boards/soc/qemu-virt.yaml', /reg:/, ['Where the RAM is.', '[base, size] in bytes', 'Example: `reg: [']);
	await hover('boards/soc/qemu-virt.yaml', /trigger:/, ['When the interrupt is pending.', 'Not given: level-high.',
		'`edge-rising`: on each rising edge']);
	await hover('boards/soc/qemu-virt.yaml', /physical-address-bits:/, ['ID_AA64MMFR0_EL1.PARange', 'Not given: 40.',
		'`40`: 1 TiB']);
	await hover('boards/qemu-virt/system.yaml', /memory:/, ['Its RAM.', 'all-others or a list of RAM ranges']);
	await hover('boards/qemu-virt/system.yaml', /console:/, ['none, vpl011, or a device it owns', 'Not given: none.']);

	// What is offered where the cursor, '|', is: a name and its help for each.
	let typed = 0;
	async function complete(name, lines, wanted) {
		const file = path.join(top, `boards/qemu-virt/typed-${++typed}.yaml`);
		const text = ['# yaml-language-server: $schema=../../schema/board.schema.json', 'board: mine', ...lines, ''];
		const line = text.findIndex((l) => l.includes('|'));
		const column = text[line].indexOf('|');
		text[line] = text[line].replace('|', '');
		await server.diagnostics(file, text.join('\n'));
		const found = await server.completion(file, line, column);
		const offered = new Map((found.items || found).map((i) =>
			[i.label, String((i.documentation && i.documentation.value) || i.documentation)]));
		report(Object.entries(wanted).every(([label, words]) => (offered.get(label) || '').includes(words)),
			`offered ${name}`, [...offered].map(([l, d]) => `${l}: ${d}`));
	}
	await complete('at the top of a board', ['|'], {
		memory: 'All RAM that the hypervisor and the domains share.', cpus: 'All CPUs', console: 'Not given: none.' });
	await complete('in a device', ['devices:', '  uart0:', '    class: mmio', '    |'], {
		reg: '[base, size] in bytes', interrupts: 'Its interrupts', 'dma-master': 'true or false', iommus: 'Example: ' });
	await complete('for a trigger', ['devices:', '  uart0:', '    interrupts: [{spi: 1, trigger: |}]'], {
		'level-high': 'active while the line is high', 'edge-rising': 'on each rising edge' });
	await complete('for a memory type', ['devices:', '  uart0:', '    attribute: |'], {
		'device-nGnRE': 'early write acknowledgement', 'normal-nc': 'write-combining' });
};
