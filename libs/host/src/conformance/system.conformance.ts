import assert from 'node:assert/strict';
import { isFault } from '@minos/base';
import type { Files } from '../port/files.ts';
import type { System } from '../port/system.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** A system that may be changed, with its files and an empty directory. */
export interface SystemSubject {
  readonly system: System;
  readonly files: Files;
  readonly dir: string;
}

/** What every implementation of System keeps to. */
export const systemConformance: readonly ConformanceCase<SystemSubject>[] = [
  {
    name: 'the hostname that was set is the hostname, in /proc too',
    run: async ({ system, files }) => {
      await system.setHostname('minos-conformance');
      assert.equal(await system.hostname(), 'minos-conformance');
      assert.equal(await files.readText('/proc/sys/kernel/hostname'), 'minos-conformance\n');
      await assert.rejects(system.setHostname('x'.repeat(65)), (e) => isFault(e, 'invalid'));
    },
  },
  {
    name: 'a mounted tmpfs covers its target until it is unmounted, and is not mounted twice',
    run: async ({ system, files, dir }) => {
      const target = `${dir}/mounted`;
      await files.makeDirectory(target);
      await files.write(`${target}/below`, 'x');
      const mount = { source: 'tmpfs', target, fsType: 'tmpfs', options: ['nosuid', 'nodev', 'size=1m', 'mode=0700'] };
      await system.mount(mount);
      assert.deepEqual(await files.list(target), []);
      assert.match(await files.readText('/proc/self/mounts'), new RegExp(`^tmpfs ${target} tmpfs \\S*nosuid`, 'm'));
      await assert.rejects(system.mount(mount), (e) => isFault(e, 'exists'));
      await system.unmount(target);
      assert.deepEqual(await files.list(target), ['below']);
      await system.mount(mount);
      await system.unmount(target);
    },
  },
  {
    name: 'a file can be bound over another, read-only too',
    run: async ({ system, files, dir }) => {
      await files.write(`${dir}/hosts`, 'old');
      await files.write(`${dir}/new-hosts`, 'new');
      await system.mount({ source: `${dir}/new-hosts`, target: `${dir}/hosts`, fsType: '', options: ['bind', 'ro'] });
      assert.equal(await files.readText(`${dir}/hosts`), 'new');
      await files.write(`${dir}/new-hosts`, 'newer');
      assert.equal(await files.readText(`${dir}/hosts`), 'newer');
      await system.unmount(`${dir}/hosts`);
      assert.equal(await files.readText(`${dir}/hosts`), 'old');
    },
  },
  {
    name: 'mounting where nothing is, and unmounting what is not mounted, are refused',
    run: async ({ system, files, dir }) => {
      const mount = { source: 'tmpfs', target: `${dir}/nowhere`, fsType: 'tmpfs', options: [] };
      await assert.rejects(system.mount(mount), (e) => isFault(e, 'missing'));
      await files.makeDirectory(`${dir}/plain`);
      await assert.rejects(system.unmount(`${dir}/plain`), (e) => isFault(e, 'invalid'));
    },
  },
  {
    name: 'a mount that has something mounted below it stays',
    run: async ({ system, files, dir }) => {
      const outer = `${dir}/outer`;
      await files.makeDirectory(outer);
      await system.mount({ source: 'tmpfs', target: outer, fsType: 'tmpfs', options: [] });
      await files.makeDirectory(`${outer}/inner`);
      await system.mount({ source: 'tmpfs', target: `${outer}/inner`, fsType: 'tmpfs', options: [] });
      await assert.rejects(system.unmount(outer), (e) => isFault(e, 'precondition'));
      await system.unmount(`${outer}/inner`);
      await system.unmount(outer);
    },
  },
  {
    name: 'random bytes come in the number that was asked for, and differ',
    run: async ({ system }) => {
      assert.equal(system.randomBytes(33).length, 33);
      assert.notDeepEqual(system.randomBytes(16), system.randomBytes(16));
    },
  },
  {
    name: 'page size and clock ticks are those of the kernel, and memory can be trimmed',
    run: async ({ system }) => {
      assert.equal(system.ticksPerSecond, 100);
      assert.ok(system.pageSizeBytes >= 4096 && Number.isInteger(Math.log2(system.pageSizeBytes)));
      system.trimMemory();
    },
  },
];
