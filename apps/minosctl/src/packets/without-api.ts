/**
 * Everything but TCP to or from port 50000, on a link of Ethernet frames, as `tcpdump -dd 'not tcp port 50000'` prints it:
 * what the capture itself sends would be captured too, and make more of it.
 */
export const WITHOUT_API = `
{ 0x28, 0, 0, 0x0000000c },
{ 0x15, 0, 6, 0x000086dd },
{ 0x30, 0, 0, 0x00000014 },
{ 0x15, 0, 14, 0x00000006 },
{ 0x28, 0, 0, 0x00000036 },
{ 0x15, 13, 0, 0x0000c350 },
{ 0x28, 0, 0, 0x00000038 },
{ 0x15, 11, 10, 0x0000c350 },
{ 0x15, 0, 9, 0x00000800 },
{ 0x30, 0, 0, 0x00000017 },
{ 0x15, 0, 7, 0x00000006 },
{ 0x28, 0, 0, 0x00000014 },
{ 0x45, 5, 0, 0x00001fff },
{ 0xb1, 0, 0, 0x0000000e },
{ 0x48, 0, 0, 0x0000000e },
{ 0x15, 3, 0, 0x0000c350 },
{ 0x48, 0, 0, 0x00000010 },
{ 0x15, 1, 0, 0x0000c350 },
{ 0x06, 0, 0, 0x00040000 },
{ 0x06, 0, 0, 0x00000000 },
`;
