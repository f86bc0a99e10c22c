#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens opsig's web pages in a headless Chromium and uses them as a reader would.

usage: check_browser.py OPSIG SOURCE_DIR MAKE_MODEL [--shots FOLDER]
  --shots FOLDER  also saves a screenshot of each page there

Skips (status 77) where the browser, its driver or python3-selenium is missing, or where the
browser does not start. No time is asserted; how long things took is printed.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

try:
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select
except ImportError:
    webdriver = None

FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
         '--no-first-run', '--disable-background-networking', '--disable-component-update',
         '--disable-sync', '--disable-default-apps', '--window-size=1200,1000']
HOSTILE_NODE = '</title><script>document.title="run"</script><i>'


def skip(why):
    print(f'skipped: {why}', file=sys.stderr)
    sys.exit(77)


def start_browser(folder):
    """A browser with a profile of its own; it is tried twice, as it does not always come up."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which('chromium')
    for flag in FLAGS + [f'--user-data-dir={folder}/profile']:
        options.add_argument(flag)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'})
    problem = None
    for _ in range(2):
        try:
            service = webdriver.chrome.service.Service(shutil.which('chromedriver'),
                                                       log_path=f'{folder}/driver.log')
            return webdriver.Chrome(service=service, options=options)
        except WebDriverException as error:
            problem = error
    return skip(f'chromium does not start: {problem}')


class Reader:
    """A reader of one page, who notes what is not as it should be."""

    def __init__(self, browser, shots):
        self.browser, self.shots, self.problems = browser, shots, []
        self.page = ''

    def open(self, path, fragment=''):
        self.page = path.name
        self.browser.get('about:blank')
        self.browser.get_log('performance')
        start = time.monotonic()
        self.browser.get(path.as_uri() + fragment)
        print(f'{path.name}: {path.stat().st_size / 1e6:.1f} MB, '
              f'open after {time.monotonic() - start:.2f} s')

    def expect(self, fact, what):
        if not fact:
            self.problems.append(f'{self.page}: {what}')

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def js(self, script, *args):
        return self.browser.execute_script(script, *args)

    def shoot(self, name):
        if self.shots:
            self.browser.save_screenshot(str(pathlib.Path(self.shots, f'{name}.png')))

    def quiet(self):
        """Nothing was asked for but the page, and nothing was complained about."""
        for entry in self.browser.get_log('performance'):
            message = json.loads(entry['message'])['message']
            if message['method'] == 'Network.requestWillBeSent':
                url = message['params']['request']['url']
                self.expect(url.startswith(('file:', 'about:')), f'asks for {url}')
        for entry in self.browser.get_log('browser'):
            self.expect(False, f'console: {entry["message"]}')

    def rows(self):
        return self.js('return [...document.querySelectorAll("#index tbody tr")]'
                       '.filter(r => !r.hidden).map(r => [...r.cells].map(c => c.textContent))')


def check_index(reader, column):
    """Sorting by mouse and by keyboard, filtering by words and by severity."""
    everything = reader.rows()
    headings = reader.all('#index th button')
    headings[column].click()
    values = reader.js('return [...document.querySelectorAll("#index tbody tr")]'
                       '.map(r => Number(r.cells[arguments[0]].dataset.v))', column)
    reader.expect(values == sorted(values, reverse=True), 'a click sorts the largest first')
    headings[column].send_keys(Keys.ENTER)
    again = reader.js('return [...document.querySelectorAll("#index tbody tr")]'
                      '.map(r => Number(r.cells[arguments[0]].dataset.v))', column)
    reader.expect(again == sorted(values), 'Enter on the heading turns the order round')
    reader.expect(headings[column].find_element(By.XPATH, '..').get_attribute('aria-sort') ==
                  'ascending', 'the order is told')
    words = reader.one('#filter input')
    part = everything[len(everything) // 2][0][-12:]
    words.send_keys(part.upper())
    kept = reader.rows()
    wanted = [row for row in everything if part.lower() in row[0].lower()]
    reader.expect(sorted(kept) == sorted(wanted), f'filtered by {part!r}')
    words.clear()
    words.send_keys(' ', Keys.BACKSPACE)
    Select(reader.one('#filter select')).select_by_visible_text('high')
    wrong = reader.js('return [...document.querySelectorAll("#index tbody tr")]'
                      '.filter(r => (Number(r.dataset.s) < 3) != r.hidden).length')
    reader.expect(wrong == 0, f'filtered by severity: {wrong} rows')
    Select(reader.one('#filter select')).select_by_value('0')
    reader.expect(len(reader.rows()) == len(everything), 'all rows are back')


def check_link(reader):
    """A link of the index opens what it leads to, also by keyboard."""
    link = reader.one('#index tbody tr:not([hidden]) a')
    target = link.get_attribute('href').split('#')[1]
    link.send_keys(Keys.ENTER)
    reader.expect(reader.js('return document.getElementById(arguments[0]).closest("details").open',
                            target), 'Enter on a link opens its section')
    return target


def check_picture(reader, selector):
    """Nodes tell their name when clicked or entered; matched ones differ in more than colour."""
    node = reader.one(f'{selector} svg.graph g.n')
    title = node.find_element(By.TAG_NAME, 'title').get_attribute('textContent')
    node.click()
    note = reader.js('return arguments[0].closest("div.scroll").nextElementSibling.textContent',
                     node)
    reader.expect(note == title, f'a click tells of the node: {note!r}')
    reader.expect('picked' in node.get_attribute('class'), 'and marks it')
    matched = reader.all(f'{selector} svg.graph g.n.k')
    if matched:
        before = 'picked' in matched[0].get_attribute('class')
        reader.js('arguments[0].focus()', matched[0])
        reader.browser.switch_to.active_element.send_keys(Keys.ENTER)
        reader.expect(('picked' in matched[0].get_attribute('class')) != before,
                      'Enter does as a click does')
        widths = reader.js('return [".k", ":not(.k)"].map(c => document.querySelector('
                           'arguments[0] + " svg.graph g.n" + c + ":not(.picked) .b"))'
                           '.map(b => b && parseFloat(getComputedStyle(b).strokeWidth))', selector)
        if None not in widths:
            reader.expect(widths[0] > 1.5 * widths[1], f'matched borders are thicker: {widths}')


def check_zoom(reader, selector):
    picture = reader.one(f'{selector} .overview svg')
    buttons = reader.all(f'{selector} .zoom button')
    width = float(picture.get_attribute('width'))
    buttons[2].click()
    larger = float(picture.get_attribute('width'))
    buttons[3].click()
    reader.expect(larger > 1.3 * width, 'larger')
    reader.expect(abs(float(picture.get_attribute('width')) - width) < 1, 'smaller')
    buttons[0].click()
    fits = reader.js('return arguments[0].clientWidth <= arguments[0].parentNode.clientWidth + 1',
                     picture)
    reader.expect(fits, 'fit')


def brightness(reader, dark):
    value = 'dark' if dark else 'light'
    reader.browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {
        'features': [{'name': 'prefers-color-scheme', 'value': value}]})
    colours = reader.js('const s = getComputedStyle(document.body);'
                        'return [s.color, s.backgroundColor]')
    return [sum(int(c) for c in colour[colour.index('(') + 1:-1].split(',')[:3])
            for colour in colours]


def check_scan(reader, path):
    reader.open(path)
    reader.expect(reader.browser.title == 'opsig scan', f'title {reader.browser.title}')
    reader.expect(reader.js('return document.scripts.length') == 1, 'one script')
    reader.expect(not reader.all('i'), 'a name of a model is no markup')
    reader.shoot('scan')
    check_index(reader, 2)
    target = check_link(reader)
    section = f'#{target}'
    reader.shoot('match')
    check_picture(reader, section)
    reader.shoot('picked')
    overview = reader.all(f'{section} details')
    reader.expect(bool(overview), 'there is an overview')
    if overview:
        overview[0].find_element(By.TAG_NAME, 'summary').send_keys(Keys.ENTER)
        check_zoom(reader, section)
        reader.js('arguments[0].scrollIntoView()', overview[0])
        reader.shoot('overview')
    light, dark = brightness(reader, False), brightness(reader, True)
    reader.js('scrollTo(0, 0)')
    reader.shoot('dark')
    brightness(reader, False)
    reader.expect(light[0] < light[1] and dark[0] > dark[1], f'light {light}, dark {dark}')
    reader.quiet()


def check_databases(reader, pages):
    reader.open(pages['list'])
    reader.shoot('db_list')
    check_index(reader, 1)
    target = check_link(reader)
    reader.shoot('db_list_open')
    reader.expect(reader.one(f'[id="{target}"]').is_displayed(), 'the section is seen')
    reader.quiet()
    reader.open(pages['show'])
    check_picture(reader, 'body')
    reader.shoot('db_show')
    reader.quiet()


def check_others(reader, pages):
    reader.open(pages['inspect'])
    check_picture(reader, 'body')
    check_zoom(reader, 'body')
    reader.shoot('inspect')
    reader.quiet()
    reader.open(pages['hypothesis'])
    reader.expect(bool(reader.all('svg.plot')), 'plots')
    reader.shoot('hypothesis')
    reader.quiet()


def check_many(reader, path):
    """A report of a thousand models."""
    reader.open(path)
    reader.expect(len(reader.rows()) == 1000, f'{len(reader.rows())} rows')
    start = time.monotonic()
    reader.all('#index th button')[2].click()
    sorted_after = time.monotonic() - start
    start = time.monotonic()
    reader.one('#filter input').send_keys('/many/m00')
    print(f'{path.name}: sorted after {sorted_after:.2f} s, filtered after '
          f'{time.monotonic() - start:.2f} s')
    reader.expect(len(reader.rows()) == 100, f'filtered: {len(reader.rows())} rows')
    check_link(reader)
    reader.shoot('many')
    reader.quiet()


def write_pages(opsig, source, make_model, folder):
    corpus = source / 'examples/corpus'
    models = folder / 'models'
    models.mkdir()
    some = sorted((corpus / 'models').glob('wide-00[01]*.onnx'))[:60]
    for model in some:
        (models / model.name).symlink_to(model)
    with open(models / '<i>&\'".onnx', 'wb') as file:
        subprocess.run([make_model, '-n', HOSTILE_NODE,
                        'a = Pad(x); b = AveragePool(a); y = Relu(b)'], check=True, stdout=file)
    (models / 'broken.onnx').write_bytes(some[0].read_bytes()[:100])
    many = folder / 'many'
    many.mkdir()
    everything = sorted((corpus / 'models').glob('*.onnx'))
    for i in range(1000):
        shutil.copy(everything[i % len(everything)], many / f'm{i:04}.onnx')
    default = opsig.parent / 'share/opsig/default.db'
    commands = {
        'scan': ['scan', '--fail-on', 'never', models],
        'many': ['scan', '--fail-on', 'never', many],
        'list': ['db', 'list', default],
        'show': ['db', 'show', default, 'OPS-998b'],
        'inspect': ['inspect', some[0]],
        'hypothesis': ['hypothesis', corpus / 'mine.csv', '--oracle', 'ort_opt', '--permutations',
                       '20'],
    }
    pages = {}
    for name, command in commands.items():
        pages[name] = folder / f'{name}.html'
        subprocess.run([opsig, *command, '-q', '-o', pages[name]], check=False,
                       stderr=subprocess.DEVNULL)
    return pages


def main():
    if webdriver is None or not shutil.which('chromium') or not shutil.which('chromedriver'):
        skip('chromium, chromium-driver or python3-selenium is missing')
    opsig, source, make_model = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
    shots = sys.argv[5] if len(sys.argv) > 5 else None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        browser = start_browser(folder)
        try:
            reader = Reader(browser, shots)
            pages = write_pages(opsig, source, make_model, folder)
            check_scan(reader, pages['scan'])
            check_databases(reader, pages)
            check_others(reader, pages)
            check_many(reader, pages['many'])
        finally:
            browser.quit()
    for problem in reader.problems:
        print(problem, file=sys.stderr)
    print(f'{len(reader.problems)} problems')
    return 1 if reader.problems else 0


if __name__ == '__main__':
    sys.exit(main())
