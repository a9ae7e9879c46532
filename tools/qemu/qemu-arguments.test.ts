import { expect, test } from '@jest/globals';
import { qemuArguments } from './qemu-arguments.ts';

const OPTIONS = {
  kernel: 'k',
  initramfs: 'i',
  disks: [{ file: 'a', isReadOnly: true }],
  memoryMib: 256,
  cpus: 1,
  network: { apiPort: 50_999 },
  kernelArguments: [],
};

test('the guest is cut off from everything, and only this machine reaches its API', () => {
  const all = qemuArguments(OPTIONS).join(' ');
  expect(all).toContain('-netdev user,id=net0,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:50999-:50000');
  expect(all).toContain('-accel tcg');
  expect(all).not.toContain('kvm');
});

test('disks come in their order, the image read-only', () => {
  const disks = [...OPTIONS.disks, { file: 'b', isReadOnly: false }];
  expect(qemuArguments({ ...OPTIONS, disks }).filter((a) => a.startsWith('if='))).toEqual([
    'if=virtio,format=raw,file=a,readonly=on',
    'if=virtio,format=raw,file=b,readonly=off',
  ]);
});

test('a machine of a cluster is on a link of this host, is found by name and pidfile, and keeps its console', () => {
  const all = qemuArguments({
    ...OPTIONS,
    network: { tap: 'minos-1', mac: '02:00:00:00:00:01' },
    identity: { name: 'minos-cp-1', pidfile: '/c/holder.pid' },
    consoleFile: '/c/console.log',
  }).join(' ');
  expect(all).toContain('-name minos-cp-1 -pidfile /c/holder.pid');
  expect(all).toContain('-netdev tap,id=net0,ifname=minos-1,script=no,downscript=no');
  expect(all).toContain('-chardev file,id=console,path=/c/console.log,append=on -serial chardev:console');
  expect(all).not.toContain('hostfwd');
});

test('the processor is emulated unless KVM is asked for, and only then the kernel isolates its page tables', () => {
  const all = (accelerator?: 'kvm'): string => qemuArguments(accelerator ? { ...OPTIONS, accelerator } : OPTIONS).join(' ');
  expect(all()).toMatch(/-accel tcg.* tsc=reliable/);
  expect(all()).not.toContain('pti=on');
  expect(all('kvm')).toMatch(/-accel kvm -cpu host .* pti=on/);
});
