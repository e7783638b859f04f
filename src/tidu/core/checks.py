"""Deployment checks of our own."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name

# What 国办发〔2017〕47号 and the inspection indicators of 2019 ask a government site to show at its foot.
_ASKED = {
    "sponsor": ("主办单位", "TIDU_SPONSOR"),
    "identifier": ("网站标识码", "TIDU_SITE_CODE"),
    "icp": ("ICP备案号", "TIDU_ICP"),
    "security_record": ("公网安备号", "TIDU_SECURITY_RECORD"),
    "contact": ("联系方式", "TIDU_CONTACT"),
    "report_errors": ("政府网站找错链接", "TIDU_REPORT_ERRORS_URL"),
}


@register(deploy=True)
def site_identity(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Warn about each statement that a government site must carry and this deployment has not set."""
    return [
        Warning(f"页脚缺少{label}。", hint=f"请设置环境变量 {variable}。", id=f"tidu.core.W{number:03d}")
        for number, (key, (label, variable)) in enumerate(_ASKED.items(), start=1)
        if not settings.SITE[key]
    ]


@register(deploy=True)
def letters_arrive(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Warn where nobody would get the letters that the site writes."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.console.EmailBackend":
        return []
    text = "邮件只写到标准输出：消息汇总和重设密码的邮件没有人收得到。"
    return [Warning(text, hint="请设置环境变量 TIDU_EMAIL_URL。", id="tidu.core.W007")]


@register(deploy=True)
def templates_are_there(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - as above
    """Warn where a folder of templates is named and there is none: documents would look as if nobody had made any."""
    folder = settings.DOCUMENT_TEMPLATES
    if folder is None or folder.is_dir():
        return []
    text = f"公文模板文件夹 {folder} 不存在，正在使用系统自带的模板。"
    return [Warning(text, hint="请核对环境变量 TIDU_DOCUMENTS。", id="tidu.core.W008")]


@register(deploy=True)
def no_demonstration(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - as above
    """Refuse to call a demonstration ready: the passwords of its accounts are public."""
    if not settings.DEMONSTRATION:
        return []
    return [
        Error(
            "演示状态开着：演示账号的口令是公开的。",
            hint="请去掉环境变量 TIDU_DEMONSTRATION。",
            id="tidu.core.E001",
        )
    ]


@register(deploy=True)
def public_address(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - as above
    """Warn where codes on certificates would lead to this machine alone."""
    if settings.PUBLIC_URL.startswith("https://"):
        return []
    text = f"证书二维码指向 {settings.PUBLIC_URL}，公众打不开。"
    return [Warning(text, hint="请设置环境变量 TIDU_PUBLIC_URL。", id="tidu.core.W009")]
