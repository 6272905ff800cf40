Attribute VB_Name = "GoujiButtons"
Option Explicit
' Written from buttons.toml by: python -m gouji.office.build sources

Public Sub Gouji_fill()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('fill')"
End Sub

Public Sub Gouji_fill_ribbon(ByVal Control As Object)
    Gouji_fill
End Sub

Public Sub Gouji_recalculate()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('recalculate')"
End Sub

Public Sub Gouji_recalculate_ribbon(ByVal Control As Object)
    Gouji_recalculate
End Sub

Public Sub Gouji_check()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('check')"
End Sub

Public Sub Gouji_check_ribbon(ByVal Control As Object)
    Gouji_check
End Sub

Public Sub Gouji_suggest()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('suggest')"
End Sub

Public Sub Gouji_suggest_ribbon(ByVal Control As Object)
    Gouji_suggest
End Sub

Public Sub Gouji_fix()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('fix')"
End Sub

Public Sub Gouji_fix_ribbon(ByVal Control As Object)
    Gouji_fix
End Sub

Public Sub Gouji_audit()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('audit')"
End Sub

Public Sub Gouji_audit_ribbon(ByVal Control As Object)
    Gouji_audit
End Sub

Public Sub Gouji_export()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('export')"
End Sub

Public Sub Gouji_export_ribbon(ByVal Control As Object)
    Gouji_export
End Sub

Public Sub Gouji_clear()
    GoujiRun "import gouji.office.entry; gouji.office.entry.run('clear')"
End Sub

Public Sub Gouji_clear_ribbon(ByVal Control As Object)
    Gouji_clear
End Sub
