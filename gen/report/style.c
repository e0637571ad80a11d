// SPDX-License-Identifier: Apache-2.0
/*
 * How the page looks. Colours say whose something is, and a name always stands beside
 * them. Narrow screens get each row of a table as a block. On paper all is dark on white.
 */
#include "report/report.h"

/* Text has a contrast of 4.5 to 1 at least, marks 3 to 1: tests/system/report.sh. */
#define LIGHT \
	"--bg:#fff;--fg:#1b1f24;--dim:#59636e;--line:#d8dee4;--box:#f4f6f8;--link:#0a58ab;" \
	"--good:#1a6b35;--bad:#b3261e;--warn:#8a4b00;--free:#8b949e;--hv:#3d444d;" \
	"--c0:#2b6cb0;--c1:#b0521a;--c2:#2c7a4b;--c3:#8447a3;--c4:#7a6a00;--c5:#0b7783;--c6:#b03a86;--c7:#5b6b8c"
#define DARK \
	"--bg:#14171b;--fg:#e4e8ec;--dim:#9da7b1;--line:#343b44;--box:#1d2127;--link:#79b8ff;" \
	"--good:#6fd08c;--bad:#ff8f85;--warn:#eab464;--free:#6e7681;--hv:#c4ccd4;" \
	"--c0:#6aa9f0;--c1:#e8935a;--c2:#63c28c;--c3:#c391dd;--c4:#cfc05a;--c5:#4fc3cf;--c6:#e884c4;--c7:#a0b0d0"

static const char style[] =
	"<style>\n"
	":root{color-scheme:light dark;" LIGHT "}\n"
	"@media screen and (prefers-color-scheme:dark){:root{" DARK "}}\n"
	"*{box-sizing:border-box}\n"
	"html{scroll-behavior:smooth}\n"
	"body{margin:0 auto;max-width:68rem;padding:1.25rem 1rem 3rem;background:var(--bg);color:var(--fg);"
	"font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Liberation Sans\",sans-serif;"
	"overflow-wrap:anywhere}\n"
	"h1{font-size:1.7rem;line-height:1.2;margin:0}\n"
	"h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}\n"
	"h3{font-size:1rem;margin:1.5rem 0 .25rem}\n"
	"p{margin:.25rem 0 .75rem;max-width:44rem}\n"
	"a{color:var(--link)}\n"
	"code,pre,.topology text{font-family:ui-monospace,\"Liberation Mono\",Menlo,Consolas,monospace;"
	"font-size:.875em}\n"
	"pre{background:var(--box);border:1px solid var(--line);border-radius:6px;padding:.75rem;"
	"white-space:pre-wrap}\n"
	".dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}\n"
	".verdict{display:inline-block;margin:.75rem 0;padding:.35rem .75rem;border:1px solid;border-radius:6px;"
	"font-weight:600}\n"
	".figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.25rem,1fr));gap:.5rem;"
	"margin:.5rem 0 1rem}\n"
	".figures div{background:var(--box);border:1px solid var(--line);border-radius:6px;padding:.5rem .75rem}\n"
	".figures dt{color:var(--dim);font-size:.85rem}\n"
	".figures dd{margin:0;font-size:1.15rem;font-weight:600}\n"
	"nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:0}\n"
	"nav a{display:inline-block;padding:.25rem 0}\n"
	"table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.9rem}\n"
	"caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
	"th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid "
	"var(--line)}\n"
	"thead th{color:var(--dim);font-weight:600;font-size:.95em;white-space:nowrap}\n"
	"td,tbody th{min-width:4.5rem}\n"
	"tbody th{font-weight:600}\n"
	".own{display:inline-flex;align-items:baseline;max-width:100%}\n"
	".own::before{content:\"\";flex:none;width:.7em;height:.7em;border-radius:2px;margin-right:.4em;"
	"background:var(--c)}\n"
	".d0{--c:var(--c0)}.d1{--c:var(--c1)}.d2{--c:var(--c2)}.d3{--c:var(--c3)}"
	".d4{--c:var(--c4)}.d5{--c:var(--c5)}"
	".d6{--c:var(--c6)}.d7{--c:var(--c7)}.hv{--c:var(--hv)}.no{--c:var(--free)}.sh{--c:var(--fg)}\n"
	".bar{display:block;width:100%;height:2rem;border:1px solid var(--line);border-radius:4px;"
	"background:var(--box)}\n"
	".bar rect{fill:var(--c)}\n"
	".bar .no{fill:var(--box)}\n"
	".legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;padding:0;margin:.25rem 0;"
	"font-size:.9rem}\n"
	".topology{display:block;width:100%;max-width:40rem;height:auto;margin:.5rem 0 1rem}\n"
	".topology text{fill:var(--fg);font-size:10.5px}\n"
	".topology .id{font-size:10px}\n"
	".topology .soft{fill:var(--dim);font-size:10px}\n"
	".topology .box{fill:var(--box);stroke:var(--dim)}\n"
	".topology .end{fill:var(--bg);stroke:var(--c);stroke-width:1.5}\n"
	".topology .wire{stroke:var(--c);stroke-width:1.5;fill:none}\n"
	".topology .bus{stroke:var(--dim);stroke-width:3;fill:none}\n"
	".topology .mark{fill:var(--dim)}\n"
	".topology .alarm{stroke:var(--warn);stroke-dasharray:4 3;fill:none;stroke-width:1.5}\n"
	"@media screen and (max-width:42rem){\n"
	"thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
	"table,tbody,tr,th,td{display:block}\n"
	"tr{border-bottom:1px solid var(--line);padding:.5rem 0}\n"
	"tbody th,td{border:0;padding:.05rem 0}\n"
	"td{display:grid;grid-template-columns:7.5rem 1fr;gap:.5rem}\n"
	"td>*{min-width:0}\n"
	"td::before{content:attr(data-l);color:var(--dim)}\n"
	"td:has(>div:empty){display:none}\n"
	"}\n"
	"@media print{\n"
	"@page{margin:14mm}\n"
	":root{color-scheme:light;--bg:#fff;--fg:#000}\n"
	"body{max-width:none;padding:0;font-size:10pt}\n"
	"nav{display:none}\n"
	"a{color:inherit;text-decoration:none}\n"
	"table{font-size:9pt}\n"
	"h2,h3{break-after:avoid}\n"
	"tr,.figures div,.bar{break-inside:avoid}\n"
	"thead{display:table-header-group}\n"
	".topology{max-width:14cm}\n"
	".own{display:inline-flex;align-items:baseline;max-width:100%}\n"
	".own::before,.bar,.bar rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
	"}\n"
	"</style>\n";

void report_style(FILE *out)
{
	fputs(style, out);
}
