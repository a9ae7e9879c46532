import { describe, test } from '@jest/globals';
import { whyNoNetNamespace } from '@minos/testkit';
import { linuxSubject } from './linux-subject.ts';
import { rtnetlinkConformance } from './rtnetlink.conformance.ts';
import { simulatedSubject } from './simulated-subject.ts';

describe('rtnetlink, simulated', () => rtnetlinkConformance(simulatedSubject));

const reason = whyNoNetNamespace();
if (reason === undefined) describe('rtnetlink, the kernel', () => rtnetlinkConformance(linuxSubject));
else test.skip(`rtnetlink, the kernel: ${reason}`, () => undefined);
