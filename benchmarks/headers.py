"""The header fields above a mail in a mailbox: trace, signatures and verdicts of the servers it passed.

Three kinds of senders: a large webmail provider (each mail signed twice), an office suite in the cloud (sealed,
signed, and with notes of its own servers), and somebody's own server. Names are of ``.test``; what providers write
at random is random here, as long as theirs.
"""

from __future__ import annotations

import random
import re
import string

BASE64 = string.ascii_letters + string.digits + "+/"
HEXADECIMAL = string.digits + "abcdef"
DATE = "Mon, 05 Oct 2026 09:00:00 +0700"

_OWN_SERVER = """\
Return-Path: <{sender}>
X-Original-To: doithoai@haiphong.test
Delivered-To: doithoai@haiphong.test
Authentication-Results: mx.haiphong.test; dkim=pass (2048-bit key) header.d=dan.test
	header.i=@dan.test header.a=rsa-sha256 header.s=thu header.b={b64:8}; spf=pass
	smtp.mailfrom={sender}; dmarc=pass (p=none) header.from=dan.test
Received: from mail.dan.test (mail.dan.test [198.51.100.7])
	(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
	key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)
	by mx.haiphong.test (Postfix) with ESMTPS id {hex:12}
	for <doithoai@haiphong.test>; {date}
"""
_SIGNED = """\
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=dan.test; s=thu;
	t={digits:10}; x={digits:10}; h=to:subject:message-id:date:from:mime-version:from:to:cc
	:subject:date:message-id:reply-to; bh={b64:43}=;
	b={b64:60}
	{b64:70}
	{b64:70}
	{b64:70}
	{b64:66}==
"""
_COMPANY = (
    _OWN_SERVER
    + _SIGNED
    + """\
Received: from [192.0.2.15] (unknown [203.0.113.40])
	by mail.dan.test (Postfix) with ESMTPSA id {hex:12};
	{date}
User-Agent: Mozilla Thunderbird
Content-Language: vi
"""
)
_WEBMAIL = (
    _OWN_SERVER
    + """\
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=198.51.100.7;
	helo=mail.dan.test; envelope-from={sender}; receiver=haiphong.test
Received: by mail-{hex:4}.dan.test with SMTP id {hex:26}so{digits:8}a12.1
	for <doithoai@haiphong.test>; {date}
"""
    + _SIGNED
    + """\
X-Webmail-DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=1e100.test; s=20251104;
	t={digits:10}; x={digits:10}; h=to:subject:message-id:date:from:mime-version
	:x-gm-message-state:from:to:cc:subject:date:message-id:reply-to;
	bh={b64:43}=; b={b64:60}
	{b64:70}
	{b64:70}
	{b64:70}
	{b64:66}==
X-Webmail-Message-State: AOJu0Y{b64:58}
	{b64:76}=
X-Webmail-Gg: AY/fxX{b64:60}
	{b64:76}
	{b64:76}
	{b64:40}
X-Webmail-Smtp-Source: AGHT+I{b64:90}==
X-Received: by 2001:db8:{hex:4}:{hex:4}:b0:{hex:3}:{hex:4}:{hex:4} with SMTP id
	{hex:14}-{hex:26}mr{digits:8}a12.24.{digits:13};
	{date}
"""
)
_OFFICE = (
    _OWN_SERVER
    + """\
ARC-Seal: i=1; a=rsa-sha256; s=arcselector10001; d=suite.test; cv=none;
	b={b64:300}==
ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=suite.test;
	s=arcselector10001;
	h=From:Date:Subject:Message-ID:Content-Type:MIME-Version:X-Suite-AntiSpam-MessageData-0;
	bh={b64:43}=;
	b={b64:300}==
ARC-Authentication-Results: i=1; mx.suite.test 1; spf=pass smtp.mailfrom=dan.test;
	dmarc=pass action=none header.from=dan.test; dkim=pass header.d=dan.test; arc=none
"""
    + _SIGNED
    + """\
Received: from SG2PR04MB{digits:4}.apcprd04.suite.test (2001:db8:4:{hex:3}::{hex:1}) by
	TYZPR04MB{digits:4}.apcprd04.suite.test (2001:db8:400:{hex:3}::{hex:2}) with
	Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id
	15.20.{digits:4}.{digits:2}; {date}
Received: from SG2PR04MB{digits:4}.apcprd04.suite.test ([fe80::{hex:4}:{hex:4}:{hex:4}:{hex:4}]) by
	SG2PR04MB{digits:4}.apcprd04.suite.test ([fe80::{hex:4}:{hex:4}:{hex:4}:{hex:4}%6]) with mapi id
	15.20.{digits:4}.{digits:3}; {date}
Thread-Index: AQHc{b64:28}
Accept-Language: vi-VN, en-US
Content-Language: vi-VN
X-Suite-Has-Attach:
X-Suite-TNEF-Correlator:
X-Suite-PublicTrafficType: Email
X-Suite-TrafficTypeDiagnostic: SG2PR04MB{digits:4}:EE_|TYZPR04MB{digits:4}:EE_
X-Suite-Filtering-Correlation-Id: {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
X-Suite-AntiSpam: BCL:0;ARA:13230040|366016|376014|1800799024|8096899003|38070700021;
X-Suite-AntiSpam-MessageData-ChunkCount: 1
X-Suite-AntiSpam-MessageData-0: {b64:900}
	{b64:900}
	{b64:500}=
X-Suite-CrossTenant-Network-Message-Id: {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
X-Suite-CrossTenant-OriginalArrivalTime: 05 Oct 2026 02:00:00.{digits:4} (UTC)
X-Suite-CrossTenant-FromEntityHeader: Hosted
X-Suite-CrossTenant-Id: {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
X-Suite-CrossTenant-UserPrincipalName: {b64:120}==
X-Suite-Transport-CrossTenantHeadersStamped: TYZPR04MB{digits:4}
"""
)

# The share of mails from each kind of sender, in percent.
SENDERS = ((_WEBMAIL, 55), (_COMPANY, 33), (_OFFICE, 12))
_KINDS = [template for template, share in SENDERS for _ in range(share)]
_LETTERS = {"b64": BASE64, "hex": HEXADECIMAL, "digits": string.digits}
_AT_RANDOM = re.compile(r"\{(b64|hex|digits):(\d+)\}")


def trace(sender: str, chance: random.Random) -> str:
    """The lines that servers wrote above one mail, line ends LF."""

    def letters(wanted: re.Match[str]) -> str:
        return "".join(chance.choices(_LETTERS[wanted[1]], k=int(wanted[2])))

    text = _AT_RANDOM.sub(letters, chance.choice(_KINDS))
    return text.replace("{sender}", sender).replace("{date}", DATE)
