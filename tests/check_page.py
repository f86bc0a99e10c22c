#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks a web page of opsig: well-formed, self-contained, and under a policy that names its parts.
Links that a reader may follow lead to evidence; nothing is loaded from elsewhere.

usage: check_page.py FILE [--script]
  --script  the page should have one script, not none
"""
import base64
import hashlib
import html.parser
import re
import sys
import xml.etree.ElementTree

VOID = {'meta', 'input', 'br', 'hr', 'link', 'img'}
OPTIONAL_END = {'option', 'p', 'li'}
ALLOWED = set('''html head meta title style body h1 h2 h3 p div span a code table thead tbody tr th td
    ol ul li details summary label input select option script figure figcaption b svg g path rect line
    text tspan desc pre'''.split())


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.problems = [], [], [], []
        self.outside = set()
        self.styles, self.scripts, self.policy = [], [], ''

    def handle_starttag(self, tag, attrs):
        self.start(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.start(tag, attrs)

    def start(self, tag, attrs):
        if tag not in ALLOWED:
            self.problems.append(f'element {tag}')
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f'{tag} has an attribute twice')
        for name, value in attrs:
            if name.startswith('on') or name in ('src', 'style', 'srcdoc', 'action', 'xlink:href'):
                self.problems.append(f'{tag} has {name}')
            if name == 'id':
                self.ids.append(value)
            if name == 'href' and tag == 'a' and re.match('https?://', value):
                self.outside.add(value)
                if dict(attrs).get('rel') != 'noreferrer':
                    self.problems.append(f'a link that tells where it comes from: {value}')
            elif name == 'href':
                self.links.append(value)
            if name == 'http-equiv':
                self.policy = dict(attrs)['content']

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in OPTIONAL_END:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.problems.append(f'stray end of {tag} at {self.getpos()}')

    def handle_data(self, data):
        if self.open and self.open[-1] == 'style':
            self.styles.append(data)
        elif self.open and self.open[-1] == 'script':
            self.scripts.append(data)
        elif re.search(r'<[a-zA-Z/!]', data) is None and '\x00' in data:
            self.problems.append('NUL')

    def handle_comment(self, data):
        self.problems.append('comment')


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def check(text, with_script):
    page = Page()
    page.feed(text)
    page.close()
    problems = page.problems + [f'{tag} is not closed' for tag in page.open]
    policy = dict(part.strip().split(' ', 1) for part in page.policy.split(';'))
    if policy.get('default-src') != "'none'":
        problems.append(f'policy: {page.policy}')
    if len(page.styles) != 1 or policy.get('style-src') != digest(page.styles[0]):
        problems.append('the style is not the one that the policy names')
    if len(page.scripts) != with_script:
        problems.append(f'{len(page.scripts)} scripts')
    if with_script and policy.get('script-src') != digest(page.scripts[0]):
        problems.append('the script is not the one that the policy names')
    if len(page.ids) != len(set(page.ids)):
        problems.append('an id twice')
    problems += [f'link {link}' for link in page.links if link[:1] != '#' or link[1:] not in page.ids]
    addresses = set(re.findall(r'[a-z]+://[^\s"\'<]*', text)) - {'http://www.w3.org/2000/svg'}
    addresses -= page.outside
    if addresses or 'url(' in text or '@import' in text:
        problems.append(f'refers to {addresses}')
    for picture in re.findall(r'<svg.*?</svg>', text, re.DOTALL):
        xml.etree.ElementTree.fromstring(picture)
    return problems


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        problems = check(file.read(), '--script' in sys.argv)
    for problem in problems:
        print(f'{sys.argv[1]}: {problem}', file=sys.stderr)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
