#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks a SARIF file of opsig against what the standard demands of the objects that it has
(SARIF 2.1.0, section numbers below), and what GitHub's code scanning asks for besides.

usage: check_sarif.py FILE
"""
import json
import re
import sys

problems = []


def need(holds, what):
    if not holds:
        problems.append(what)


def only(thing, names, where):
    need(isinstance(thing, dict) and set(thing) <= set(names), f'{where}: {sorted(thing)}')


def message(thing, where, is_message=True):
    only(thing, ['text'], where)
    text = thing['text']
    need(isinstance(text, str) and text, f'{where}: no text')  # 3.11.8
    if is_message:
        need(re.sub(r'\{\{|\}\}', '', text).count('{') == 0, f'{where}: a placeholder')  # 3.11.5
        need(re.search(r'\]\(', text) is None, f'{where}: a link')  # 3.11.6


def location(thing, where):
    only(thing, ['physicalLocation', 'logicalLocations'], where)
    only(thing['physicalLocation'], ['artifactLocation'], where)
    only(thing['physicalLocation']['artifactLocation'], ['uri'], where)
    uri = thing['physicalLocation']['artifactLocation']['uri']
    need(re.fullmatch(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), f'{where}: {uri}')  # 3.4.3
    need('//' not in uri.replace('file:///', ''), f'{where}: {uri}')
    for node in thing.get('logicalLocations', []):  # 3.33
        only(node, ['name', 'fullyQualifiedName', 'kind'], where)
        need(all(isinstance(value, str) for value in node.values()), where)


def rule(thing):
    where = f'rule {thing.get("id")}'
    only({key: thing[key] for key in thing if key != 'helpUri'},
         ['id', 'shortDescription', 'fullDescription', 'help', 'defaultConfiguration',
          'properties'], where)
    need(thing.get('helpUri', 'https://').startswith(('https://', 'http://')), where)
    for name in ['shortDescription', 'fullDescription', 'help']:
        message(thing[name], f'{where} {name}', is_message=False)
    need(len(thing['fullDescription']['text']) <= 1024, where)
    need(thing['defaultConfiguration']['level'] in LEVELS, where)  # 3.50.3
    need(thing['properties']['precision'] in ['very-high', 'high', 'medium', 'low'], where)
    need(thing['properties']['problem.severity'] in ['error', 'warning', 'recommendation'], where)
    need(len(thing['properties']['tags']) <= 20, where)


def result(thing, rules):
    where = f'result {thing.get("ruleId")}'
    only(thing, ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints',
                 'rank', 'suppressions'], where)
    for one in thing.get('suppressions', []):  # 3.35
        need(one['kind'] in ['external', 'inSource'] and one['justification'], where)
    need(rules[thing['ruleIndex']]['id'] == thing['ruleId'], where)  # 3.27.5, 3.27.6
    need(thing['level'] in LEVELS, where)  # 3.27.10
    need(0 <= thing.get('rank', 0) <= 100, where)  # 3.27.25
    message(thing['message'], where)
    need(len(thing['locations']) == 1, where)
    location(thing['locations'][0], where)
    need(re.fullmatch('[0-9a-f]{16}:1', thing['partialFingerprints']['primaryLocationLineHash']),
         where)


LEVELS = ['none', 'note', 'warning', 'error']


def run(thing):
    only(thing, ['tool', 'results', 'invocations'], 'run')
    driver = thing['tool']['driver']
    only(driver, ['name', 'version', 'semanticVersion', 'rules'], 'driver')
    need(re.fullmatch(r'\d+\.\d+\.\d+.*', driver['semanticVersion']), 'semanticVersion')
    ids = [one['id'] for one in driver['rules']]
    need(len(ids) == len(set(ids)), 'a rule twice')
    need(set(ids) == {one['ruleId'] for one in thing['results']}, 'rules are not those with results')
    for one in driver['rules']:
        rule(one)
    for one in thing['results']:
        result(one, driver['rules'])
    prints = [one['partialFingerprints']['primaryLocationLineHash'] for one in thing['results']]
    need(len(prints) == len(set(prints)), 'a fingerprint twice')
    need(len(thing['invocations']) == 1, 'invocations')
    invocation = thing['invocations'][0]
    notifications = invocation['toolExecutionNotifications']
    need(invocation['executionSuccessful'] == (not notifications), 'executionSuccessful')  # 3.20.14
    for one in notifications:  # 3.58
        only(one, ['descriptor', 'level', 'message', 'locations'], 'notification')
        need(one['level'] in LEVELS and one['descriptor']['id'], 'notification')
        message(one['message'], 'notification')
        location(one['locations'][0], 'notification')


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        log = json.load(file)
    only(log, ['$schema', 'version', 'runs'], 'log')  # 3.13
    need(log['version'] == '2.1.0' and log['$schema'].endswith('sarif-2.1.0.json'), 'version')
    for thing in log['runs']:
        run(thing)
    for problem in problems:
        print(f'{sys.argv[1]}: {problem}', file=sys.stderr)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
