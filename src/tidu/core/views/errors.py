"""Error pages in the site's own design.

They are rendered without the context processors of the request, so that the page about an error cannot fail by the
same cause. Only what is no fault of ours, a page that is not there, is shown inside the frame of whoever is signed in.
"""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tidu.core.display import COOKIE, Display
from tidu.core.shell import frame_for

_MEGABYTE: Final = 1024 * 1024
_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _answer(request: HttpRequest, status: HTTPStatus, *, title: str, text: str, advice: str) -> HttpResponse:
    context = {
        "display": Display.read(request.COOKIES.get(COOKIE)),
        "site": settings.SITE,
        "entrance": settings.LOGIN_REDIRECT_URL,
        "title": title,
        "text": text,
        "advice": advice,
        "code": status.value,
    }
    return HttpResponse(render_to_string("core/error.html", context), status=status.value)


def too_large(request: HttpRequest, most: int | None = None, *, visitor: bool = False) -> HttpResponse:
    """413: the body is larger than ``most`` bytes, or than the site accepts of any form."""
    limit = settings.REQUEST_BYTES if most is None else most
    size = f"{limit // _MEGABYTE} MB" if limit >= _MEGABYTE else f"{limit // 1024} KB"
    known = "已有账号的，请登录后再提交（登录可能已经过期）。" if visitor else ""
    return _answer(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title="提交的内容太大，没有收下",
        text=f"{'没有登录时，' if visitor else ''}一次提交不能超过 {size}，字段和文件的个数也有上限。",
        advice=f"返回上一页，填写的内容一般还在；请减少内容或压缩文件后重新提交。{known}",
    )


def too_often(request: HttpRequest, wait: float) -> HttpResponse:
    """429: the address has sent as much as it may without signing in; in ``wait`` seconds it may again."""
    seconds = ceil(wait)
    when = f"{ceil(wait / 60)} 分钟" if seconds > 60 else f"{seconds} 秒"  # noqa: PLR2004 - of a minute
    answer = _answer(
        request,
        HTTPStatus.TOO_MANY_REQUESTS,
        title="提交得太频繁，这次没有收下",
        text=f"您所在的网络地址提交得太频繁，请过 {when}再试。",
        advice="返回上一页，填写的内容一般还在，请先复制保存。带材料的，也可以不带材料先提交，或者登录后再提交。",
    )
    answer.headers["Retry-After"] = str(seconds)
    return answer


def not_made(request: HttpRequest, text: str) -> HttpResponse:
    """503: a file cannot be made for now, and ``text`` says why."""
    return _answer(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        title="文件没有生成",
        text=text,
        advice="其他功能不受影响，可以返回上一页继续办理。",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where there were too many bytes, fields or files."""
    if isinstance(exception, _TOO_MUCH):
        return too_large(request)
    return _answer(
        request,
        HTTPStatus.BAD_REQUEST,
        title="这个请求无法识别",
        text="地址或提交的内容格式不对。",
        advice="请返回上一页重新操作；如果是从别处复制的地址，请核对是否完整。",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: the form is older than its token, or did not come from this site."""
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        title="页面已过期，这次没有提交",
        text="为防止他人冒用您的操作，表单只在打开后的一段时间内有效；浏览器禁用 Cookie 也会这样。",
        advice="请返回上一页，刷新后再提交；已填内容请先复制保存。",
    )


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403: the page is not for this visitor."""
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        title="您不能查看此页",
        text=str(exception) or "此页需要相应的权限。",
        advice="政策库、自测、梯度和规模测算不需要账号，可以从首页进入。",
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. The text of Http404 is shown where a view gave one in Chinese; Django's own is not.

    Whoever is signed in learns that the page may belong to another of their identities, and can choose it.
    """
    reason = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    reason = "" if reason.isascii() else reason
    try:
        frame = frame_for(request)
        if frame is not None:
            context = {"shell": frame, "reason": reason, "path": request.get_full_path()}
            return render(request, "core/not_found.html", context, status=HTTPStatus.NOT_FOUND)
    except DatabaseError:
        pass  # then without the frame
    return _answer(
        request,
        HTTPStatus.NOT_FOUND,
        title="没有找到这个页面",
        text=reason or "地址可能有误，或者内容已经移走。",
        advice="可以从首页或网站地图继续查找。",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        title="系统出错了，这次操作没有完成",
        text="错误已记录。您之前保存的内容没有受影响。",
        advice="请稍后重试；如果反复出现，请通过页脚的联系方式告诉我们操作的时间和页面。",
    )
