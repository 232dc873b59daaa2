"""Addresses below /account/."""

from django.urls import path

from bankcrm.org.views import factors, login, outer, second_factor, security

app_name = "org"

urlpatterns = [
    path("login/", login.login_page, name="login"),
    path("oidc/", outer.oidc_start, name="oidc"),
    path("oidc/done/", outer.oidc_done, name="oidc-done"),
    path("saml/", outer.saml_start, name="saml"),
    path("saml/answer/", outer.saml_answer, name="saml-answer"),
    path("saml/done/", outer.saml_done, name="saml-done"),
    path("saml/metadata/", outer.saml_metadata, name="saml-metadata"),
    path("logout/", login.logout_page, name="logout"),
    path("password/", login.password_change_page, name="password-change"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
    path("factors/", factors.factors_page, name="factors"),
    path("factors/keys/", factors.add_key, name="add-key"),
    path("factors/codes/", factors.new_codes, name="new-codes"),
    path("factors/<int:factor_id>/remove/", factors.remove_factor, name="remove-factor"),
    path("security/", security.security_page, name="security"),
    path("security/sessions/end-others/", security.end_other_sessions, name="end-other-sessions"),
    path("security/sessions/<int:session_id>/end/", security.end_session, name="end-session"),
    path("post/", login.switch_post_page, name="switch-post"),
]
