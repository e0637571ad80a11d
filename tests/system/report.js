// SPDX-License-Identifier: Apache-2.0
// What is wrong with a report as it is shown now; the body of a function that returns it as
// a text without quotes, "" for nothing.
var wrong = [];
var limit = document.documentElement.clientWidth + 0.5;
var print = matchMedia('print').matches;
var dark = matchMedia('(prefers-color-scheme: dark)').matches && !print;

function say(what, element) {
	if (wrong.length < 8) {
		var text = (element ? element.tagName + ' ' + element.textContent.slice(0, 40) : '');
		wrong.push(what + ' ' + text.replace(/[^ -~]|["\\]/g, '.'));
	}
}

// Kept for those who listen to the page, and shown to nobody.
function hidden(element) {
	return element.closest('caption') || getComputedStyle(element).visibility === 'hidden' ||
		(element.closest('thead') && getComputedStyle(element.closest('thead')).position === 'absolute') ||
		element.getClientRects().length === 0;
}

function channels(color) {
	var m = color.match(/[\d.]+/g);
	return m ? m.map(Number) : null;
}

function luminance(c) {
	var l = c.slice(0, 3).map(function (v) {
		v /= 255;
		return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
	});
	return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
}

function contrast(a, b) {
	var x = luminance(a), y = luminance(b);
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

// The colour behind an element: of the nearest that has one; in a picture, of the box
// that the text stands in.
function behind(element) {
	if (element.closest('svg') && element.parentNode.querySelector(':scope > rect')) {
		var fill = channels(getComputedStyle(element.parentNode.querySelector(':scope > rect')).fill);
		if (fill) {
			return fill;
		}
	}
	for (var e = element; e; e = e.parentElement) {
		var c = channels(getComputedStyle(e).backgroundColor);
		if (c && (c.length < 4 || c[3] > 0)) {
			return c;
		}
	}
	return [255, 255, 255];
}

if (document.documentElement.scrollWidth > limit) {
	say('wider than the screen: ' + document.documentElement.scrollWidth);
}
var texts = 0;
document.body.querySelectorAll('*').forEach(function (element) {
	if (element.closest('svg') && element.tagName !== 'svg' && element.tagName !== 'text') {
		return;
	}
	if (hidden(element)) {
		return;
	}
	if (element.tagName === 'text' && element.textContent.length < 4) {
		return;
	}
	var box = element.getBoundingClientRect();
	if (box.right > limit || box.left < -0.5) {
		say('beyond the edge: ' + Math.round(box.left) + '..' + Math.round(box.right), element);
	}
	var own = Array.prototype.some.call(element.childNodes, function (n) {
		return n.nodeType === 3 && n.data.trim() !== '';
	});
	if (own) {
		var style = getComputedStyle(element);
		var color = channels(element.tagName === 'text' ? style.fill : style.color);
		texts++;
		if (contrast(color, behind(element)) < 4.5) {
			say('contrast ' + contrast(color, behind(element)).toFixed(2) + ':', element);
		}
		if (parseFloat(style.fontSize) < 10) {
			say('letters of ' + style.fontSize + ':', element);
		}
	}
});
document.querySelectorAll('.own').forEach(function (element) {
	var mark = channels(getComputedStyle(element, '::before').backgroundColor);
	if (contrast(mark, behind(element)) < 3) {
		say('mark of contrast ' + contrast(mark, behind(element)).toFixed(2) + ':', element);
	}
});
// In the picture: a text stays in its box and off the others.
document.querySelectorAll('svg.topology g').forEach(function (g) {
	var box = g.querySelector(':scope > rect');
	var last = null;
	g.querySelectorAll(':scope > text').forEach(function (text) {
		var t = text.getBoundingClientRect();
		if (box && t.right > box.getBoundingClientRect().right + 1) {
			say('out of its box:', text);
		}
		if (last && last.top < t.bottom && t.top < last.bottom && t.left < last.right && last.left < t.right &&
		    Math.min(last.bottom, t.bottom) - Math.max(last.top, t.top) > 4) {
			say('over another text:', text);
		}
		last = t;
	});
});
if (texts < 30) {
	say('there is hardly any text');
}
if ((luminance(behind(document.body)) < 0.2) !== dark) {
	say(dark ? 'not dark' : 'not light');
}
if (print && document.querySelector('nav').getClientRects().length !== 0) {
	say('links to sections on paper');
}
if (performance.getEntriesByType('resource').length !== 0) {
	say('something was fetched');
}
document.querySelectorAll('a[href^="#"]').forEach(function (a) {
	if (!document.getElementById(a.getAttribute('href').slice(1))) {
		say('leads nowhere:', a);
	}
});
var ids = {};
document.querySelectorAll('[id]').forEach(function (e) {
	if (ids[e.id]) {
		say('an id twice:', e);
	}
	ids[e.id] = true;
});
return wrong.join('; ');
